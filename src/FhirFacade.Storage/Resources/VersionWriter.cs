using FhirFacade.Storage.Schema;
using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Storage.Resources;

/// <summary>Writes new versions of many resources: one statement a type, one round trip for all. What they replace goes to history.</summary>
internal static class VersionWriter
{
    /// <summary>Writes all of them, or throws.</summary>
    /// <param name="connection">With the writer's transaction.</param>
    /// <param name="versions">At most one of a resource. They are written in the order of type and id, so that two writers cannot wait for each other.</param>
    /// <param name="keys">The key of each patient that they name.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    /// <exception cref="ConcurrentWriteException">One of them no longer follows on what is stored.</exception>
    public static async Task WriteAsync(
        NpgsqlConnection connection, IReadOnlyCollection<NewVersion> versions, IReadOnlyDictionary<string, long> keys, CancellationToken cancellationToken)
    {
        if (versions.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(connection);
        foreach (var ofType in versions.GroupBy(version => version.Type, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            NewVersion[] rows = [.. ofType.OrderBy(version => version.Id, StringComparer.Ordinal)];
            batch.BatchCommands.Add(Command(ofType.Key, rows, keys));
        }

        var written = 0L;
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        do
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                written += reader.GetInt64(0);
            }
        }
        while (await reader.NextResultAsync(cancellationToken));

        if (written != versions.Count)
        {
            throw new ConcurrentWriteException();
        }
    }

    /// <summary>Puts versions into history that were current only inside this transaction.</summary>
    public static async Task WritePassingAsync(
        NpgsqlConnection connection, IReadOnlyCollection<NewVersion> versions, IReadOnlyDictionary<string, long> keys, CancellationToken cancellationToken)
    {
        foreach (var version in versions)
        {
            await using var command = new NpgsqlCommand(
                "insert into history (type, id, version, last_updated, patient, terms, deleted, method, source, doc) values ($1, $2, $3, $4, $5, $6, false, $7, $8, $9)",
                connection)
            {
                Parameters =
                {
                    new() { Value = version.Type },
                    new() { Value = version.Id },
                    new() { Value = version.Version },
                    new() { Value = version.LastUpdated },
                    new() { Value = Key(version, keys) ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                    new() { Value = version.Index.Terms },
                    new() { Value = version.Method },
                    new() { Value = version.Source ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                    new() { Value = version.Doc, NpgsqlDbType = NpgsqlDbType.Json },
                },
            };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static NpgsqlBatchCommand Command(string type, NewVersion[] rows, IReadOnlyDictionary<string, long> keys)
    {
        var ends = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            ends[i] = (i == 0 ? 0 : ends[i - 1]) + rows[i].Index.Terms.Length;
        }

        return new NpgsqlBatchCommand(Sql(type))
        {
            Parameters =
            {
                Array(rows.Select(row => row.Id)),
                Array(rows.Select(row => row.Version)),
                Array(rows.Select(row => row.Replaces)),
                Array(rows.Select(row => row.LastUpdated.UtcDateTime)),
                Array(rows.Select(row => row.Index.RefHash)),
                Array(rows.Select(row => Key(row, keys))),
                Array(rows.Select(row => row.Index.DateLo)),
                Array(rows.Select(row => row.Index.DateHi)),
                Array(ends.Select((_, i) => (i == 0 ? 0 : ends[i - 1]) + 1)),
                Array(ends),
                Array(rows.Select(row => row.Hash)),
                Array(rows.Select(row => row.Method)),
                Array(rows.Select(row => row.Source)),
                new() { Value = rows.Select(row => row.Doc).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Json },
                Array(rows.SelectMany(row => row.Index.Terms)),
                new() { Value = type },
            },
        };
    }

    private static NpgsqlParameter<T[]> Array<T>(IEnumerable<T> values) => new() { TypedValue = [.. values] };

    private static long? Key(NewVersion version, IReadOnlyDictionary<string, long> keys) =>
        version.PatientId is { } patient ? keys[patient] : null;

    // The terms of all rows come as one array, since an array of arrays of different lengths does not exist; each row takes its slice.
    private static string Sql(string type)
    {
        var table = ResourceTables.NameOf(type);
        return $"""
            with new as (
              select u.*, ($15::bigint[])[terms_from:terms_to] as terms
              from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                as u (id, version, replaces, last_updated, ref_hash, patient, date_lo, date_hi, terms_from, terms_to, content_hash, method, source, doc)),
            old as (
              select t.* from {table} t join new on new.id = t.id and new.replaces = t.version order by t.id for update of t),
            kept as (
              insert into history (type, id, version, last_updated, patient, terms, deleted, method, source, doc)
              select $16, id, version, last_updated, patient, terms, false, method, source, doc from old),
            updated as (
              update {table} t set version = new.version, last_updated = new.last_updated, patient = new.patient,
                date_lo = new.date_lo, date_hi = new.date_hi, terms = new.terms, content_hash = new.content_hash,
                method = new.method, source = new.source, doc = new.doc
              from new join old on old.id = new.id where t.rid = old.rid
              returning t.rid, t.id),
            created as (
              insert into {table} (id, version, last_updated, ref_hash, patient, date_lo, date_hi, terms, content_hash, method, source, doc)
              select id, version, last_updated, ref_hash, patient, date_lo, date_hi, terms, content_hash, method, source, doc
              from new where replaces = 0
                and not exists (select from history h where h.type = $16 and h.id = new.id and h.version >= new.version)
              order by id
              on conflict (id) do nothing
              returning rid, id)
            select (select count(*) from updated) + (select count(*) from created)
            """;
    }
}
