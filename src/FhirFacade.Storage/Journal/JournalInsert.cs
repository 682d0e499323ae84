using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Storage.Journal;

/// <summary>Inserts messages and gives each its receipt. One statement, and with it one commit, where none is a duplicate.</summary>
internal static class JournalInsert
{
    private const string Insert = """
        insert into journal (sender, control_id, message_type, correlation_id, received_at, hash, bytes, state, lanes,
          error_location, error_rule, error_code, finished_at, listener)
        select sender, control_id, message_type, correlation_id, received_at, hash, bytes, state, string_to_array(lanes, ',')::smallint[],
          error_location, error_rule, error_code, case when state = 'failed' then received_at end, listener
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) with ordinality
          as u (sender, control_id, message_type, correlation_id, received_at, hash, bytes, state, lanes, error_location, error_rule, error_code, listener, place)
        order by place
        on conflict (sender, control_id, hash) where duplicate_of is null do nothing
        returning id, sender, control_id, hash
        """;

    private const string Repeat = """
        with first as (
          select u.place, j.id, j.state
          from unnest($1, $2, $3) with ordinality as u (sender, control_id, hash, place)
          join journal j on j.sender = u.sender and j.control_id = u.control_id and j.hash = u.hash and j.duplicate_of is null),
        noted as (
          insert into journal (sender, control_id, message_type, correlation_id, received_at, hash, state, lanes, duplicate_of)
          select u.sender, u.control_id, u.message_type, u.correlation_id, u.received_at, u.hash, 'duplicate', '{}', first.id
          from unnest($1, $2, $3, $4, $5, $6) with ordinality
            as u (sender, control_id, hash, message_type, correlation_id, received_at, place)
          join first using (place) order by place)
        select place, id, state from first
        """;

    /// <summary>Completes the receipt of each entry that is committed; throws if the database refuses.</summary>
    public static async Task ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<PendingEntry> batch)
    {
        // An original that was removed between the two statements leaves its repetition to be inserted in the next round.
        for (var left = batch; left.Count > 0;)
        {
            left = await InsertAsync(connection, left);
            left = left.Count == 0 ? left : await RepeatAsync(connection, left);
        }
    }

    private static async Task<IReadOnlyList<PendingEntry>> InsertAsync(NpgsqlConnection connection, IReadOnlyList<PendingEntry> batch)
    {
        await using var command = new NpgsqlCommand(Insert, connection)
        {
            Parameters =
            {
                Array(batch, pending => pending.Sender),
                Array(batch, pending => pending.ControlId),
                Array(batch, pending => StorableText.Of(pending.Entry.MessageType)),
                Array(batch, pending => StorableText.Of(pending.Entry.CorrelationId)),
                Array(batch, pending => pending.Entry.ReceivedAt.UtcDateTime),
                Array(batch, pending => pending.Hash),
                new() { Value = batch.Select(pending => pending.Entry.Bytes).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                Array(batch, pending => JournalStates.NameOf(pending.FirstState)),
                Array(batch, pending => string.Join(',', pending.Entry.Lanes)),
                Array(batch, pending => StorableText.OrNull(pending.Entry.Error?.Location)),
                Array(batch, pending => StorableText.OrNull(pending.Entry.Error?.Rule)),
                Array(batch, pending => pending.Entry.Error?.Code),
                Array(batch, pending => pending.Entry.Listener),
            },
        };

        // The commit is only known to have happened when the reader has come to the end without an error.
        var ids = new Dictionary<(string, string, string), long>(batch.Count);
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                ids.Add((reader.GetString(1), reader.GetString(2), Convert.ToHexString(reader.GetFieldValue<byte[]>(3))), reader.GetInt64(0));
            }

            await reader.NextResultAsync();
        }

        var repeated = new List<PendingEntry>();
        foreach (var pending in batch)
        {
            if (ids.Remove((pending.Sender, pending.ControlId, Convert.ToHexString(pending.Hash)), out var id))
            {
                pending.Complete(new(id, false, pending.FirstState));
            }
            else
            {
                repeated.Add(pending);
            }
        }

        return repeated;
    }

    private static async Task<IReadOnlyList<PendingEntry>> RepeatAsync(NpgsqlConnection connection, IReadOnlyList<PendingEntry> batch)
    {
        await using var command = new NpgsqlCommand(Repeat, connection)
        {
            Parameters =
            {
                Array(batch, pending => pending.Sender),
                Array(batch, pending => pending.ControlId),
                Array(batch, pending => pending.Hash),
                Array(batch, pending => StorableText.Of(pending.Entry.MessageType)),
                Array(batch, pending => StorableText.Of(pending.Entry.CorrelationId)),
                Array(batch, pending => pending.Entry.ReceivedAt.UtcDateTime),
            },
        };
        var receipts = new Dictionary<long, JournalReceipt>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                receipts.Add(reader.GetInt64(0), new(reader.GetInt64(1), true, JournalStates.Parse(reader.GetString(2))));
            }

            await reader.NextResultAsync();
        }

        var left = new List<PendingEntry>();
        for (var i = 0; i < batch.Count; i++)
        {
            if (receipts.TryGetValue(i + 1, out var receipt))
            {
                batch[i].Complete(receipt);
            }
            else
            {
                left.Add(batch[i]);
            }
        }

        return left;
    }

    private static NpgsqlParameter<T[]> Array<T>(IReadOnlyList<PendingEntry> batch, Func<PendingEntry, T> value) =>
        new() { TypedValue = [.. batch.Select(value)] };
}
