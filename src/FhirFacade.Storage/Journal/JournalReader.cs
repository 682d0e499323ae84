using System.Collections.Immutable;
using System.Data;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace FhirFacade.Storage.Journal;

/// <summary>The journal as an operator uses it: look, and have a message processed again.</summary>
public sealed class JournalReader(NpgsqlDataSource dataSource, JournalSignal signal)
{
    private const string Columns = """
        id, sender, control_id, message_type, correlation_id, received_at, state, duplicate_of, attempts, finished_at,
        error_location, error_rule, error_code, unmapped, warnings, octet_length(bytes), listener, feed
        """;

    /// <summary>Rows that pass the filter, newest first.</summary>
    public async Task<ImmutableArray<JournalRecord>> ListAsync(JournalFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await using var command = dataSource.CreateCommand();
        var conditions = new List<string> { "true" };
        void Add(string condition, object value)
        {
            command.Parameters.Add(new() { Value = value });
            conditions.Add(string.Format(CultureInfo.InvariantCulture, condition, command.Parameters.Count));
        }

        if (filter.State is { } state)
        {
            // A constant, so that the partial index of the state can be used.
            conditions.Add($"state = '{JournalStates.NameOf(state)}'");
        }

        if (filter.Sender is { } sender)
        {
            Add("sender = ${0}", sender);
        }

        if (filter.Before is { } before)
        {
            Add("id < ${0}", before);
        }

        command.Parameters.Add(new() { Value = filter.Limit });
        command.CommandText = $"select {Columns} from journal where {string.Join(" and ", conditions)} order by id desc limit ${command.Parameters.Count}";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var records = ImmutableArray.CreateBuilder<JournalRecord>();
        while (await reader.ReadAsync(cancellationToken))
        {
            records.Add(Record(reader));
        }

        return records.ToImmutable();
    }

    /// <summary>One row with its message; for a duplicate, the bytes of the first arrival.</summary>
    /// <returns>Null if there is no such row.</returns>
    public async Task<(JournalRecord Record, ReadOnlyMemory<byte> Bytes)?> ShowAsync(long id, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"select {Columns}, coalesce(bytes, (select o.bytes from journal o where o.id = journal.duplicate_of)) from journal where id = $1");
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (Record(reader), await reader.IsDBNullAsync(18, cancellationToken) ? [] : reader.GetFieldValue<byte[]>(18))
            : null;
    }

    /// <summary>
    /// Has a stored or failed message processed again; what it did before is not undone, and it says what it says now in its own place
    /// in time: what later messages have said stays. The count of attempts goes on.
    /// </summary>
    public async Task<ReplayOutcome> ReplayAsync(long id, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            with before as (select state from journal where id = $1 for update),
            again as (update journal set state = 'received' where id = $1 and state in ('stored', 'failed'))
            select state from before
            """);
        command.Parameters.Add(new() { Value = id });
        switch (await command.ExecuteScalarAsync(cancellationToken))
        {
            case null:
                return ReplayOutcome.NotFound;
            case "received":
                return ReplayOutcome.AlreadyWaiting;
            case "duplicate":
                return ReplayOutcome.IsDuplicate;
            default:
                signal.Raise();
                return ReplayOutcome.Queued;
        }
    }

    /// <summary>Fields that no mapping used, of messages as they were last translated, the commonest first.</summary>
    /// <param name="sender">Only from this sender.</param>
    /// <param name="bySender">Counts each sender alone.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public async Task<ImmutableArray<UnmappedField>> UnmappedAsync(string? sender, bool bySender, int limit, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            select regexp_replace(place, '\(\d+\)', '', 'g') as field, case when $2 then sender end as who, count(distinct id), count(*), max(id)
            from journal, unnest(unmapped) as place
            where unmapped is not null and ($1::text is null or sender = $1)
            group by field, who order by 3 desc, 4 desc, field, who limit $3
            """);
        command.Parameters.Add(new() { Value = sender ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = bySender });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var fields = ImmutableArray.CreateBuilder<UnmappedField>();
        while (await reader.ReadAsync(cancellationToken))
        {
            fields.Add(new(reader.GetString(0), await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4)));
        }

        return fields.ToImmutable();
    }

    /// <summary>How many rows are in each state.</summary>
    public async Task<JournalCounts> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            select (select count(*) from journal where state = 'received'), (select count(*) from journal where state = 'failed'),
              (select count(*) from journal where state = 'duplicate'), (select count(*) from journal)
            """);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (received, failed, duplicate) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        return new(received, reader.GetInt64(3) - received - failed - duplicate, failed, duplicate);
    }

    private static JournalRecord Record(NpgsqlDataReader reader) => new(
        reader.GetInt64(0),
        reader.GetString(1),
        reader.GetString(2),
        reader.GetString(3),
        reader.GetString(4),
        reader.GetFieldValue<DateTimeOffset>(5),
        JournalStates.Parse(reader.GetString(6)),
        reader.IsDBNull(7) ? null : reader.GetInt64(7),
        reader.GetInt32(8),
        reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9),
        reader.IsDBNull(10) ? null : new(reader.GetString(10), reader.GetString(11), reader.GetInt32(12)),
        reader.IsDBNull(13) ? [] : [.. reader.GetFieldValue<string[]>(13)],
        reader.IsDBNull(14) ? [] : JsonSerializer.Deserialize<ImmutableArray<JournalWarning>>(reader.GetFieldValue<byte[]>(14)),
        reader.IsDBNull(15) ? 0 : reader.GetInt32(15))
    {
        Listener = reader.GetString(16),
        Feed = reader.IsDBNull(17) ? null : reader.GetString(17),
    };
}
