using FhirFacade.Storage.Consents;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Reindex;
using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// Writes new versions of many resources: one statement a type, one round trip for all, but COPYs where many are new. What they replace
/// goes to history.
/// </summary>
internal static class VersionWriter
{
    /// <summary>Writes all of them, or throws.</summary>
    /// <param name="connection">With the writer's transaction.</param>
    /// <param name="versions">At most one of a resource. They are written in the order of type and id, so that two writers cannot wait for each other.</param>
    /// <param name="keys">The key of each patient that they name.</param>
    /// <param name="later">Gets the texts behind the terms, to be written before the transaction ends; null: they are written now.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    /// <exception cref="ConcurrentWriteException">One of them no longer follows on what is stored.</exception>
    public static async Task WriteAsync(
        NpgsqlConnection connection, IReadOnlyCollection<NewVersion> versions, IReadOnlyDictionary<string, long> keys, IndexTexts? later, CancellationToken cancellationToken)
    {
        if (versions.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(connection);
        later?.Add(versions);
        if (later is null && IndexTexts.Command(versions) is { } texts)
        {
            batch.BatchCommands.Add(texts);
        }

        var copied = new List<NewVersion[]>();
        var isCopied = versions.Count(version => version.Replaces == 0) >= VersionCopy.Worthwhile;
        var expected = 0;
        foreach (var ofType in versions.GroupBy(version => version.Type, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            NewVersion[] rows = [.. ofType.OrderBy(version => version.Id, StringComparer.Ordinal)];
            if (isCopied && rows.Where(row => row.Replaces == 0).ToArray() is { Length: > 0 } added)
            {
                copied.Add(added);
                rows = [.. rows.Where(row => row.Replaces > 0)];
            }

            if (rows.Length > 0)
            {
                expected += rows.Length;
                batch.BatchCommands.Add(Command(ofType.Key, rows, keys));
            }
        }

        // The generation is read when all rows are written.
        if (copied.Count == 0)
        {
            batch.BatchCommands.Add(new(IndexGeneration.Sql));
        }

        var (written, generation, emptied) = batch.BatchCommands.Count > 0 ? await ExecuteAsync(batch, cancellationToken) : (0, 0, 0);
        if (written - (copied.Count == 0 ? generation : 0) != expected)
        {
            throw new ConcurrentWriteException();
        }

        if (copied.Count > 0)
        {
            await VersionCopy.WriteAsync(connection, copied, keys, cancellationToken);
            await using var command = new NpgsqlCommand(IndexGeneration.Sql, connection);
            generation = (long)(await command.ExecuteScalarAsync(cancellationToken) ?? 0L);
        }

        await ContainedRows.WriteAsync(connection, versions, emptied > 0, cancellationToken);
        await ConsentTable.WriteAsync(connection, versions, cancellationToken);
        if (versions.Any(version => version.Index.Generation != generation))
        {
            throw new StaleIndexException();
        }
    }

    // The sum of the numbers that come back, the last of them, and how many replaced versions contained something.
    private static async Task<(long Sum, long Last, long Emptied)> ExecuteAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        var (sum, last, emptied) = (0L, 0L, 0L);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        do
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                last = reader.GetInt64(0);
                sum += last;
                emptied += reader.FieldCount > 1 ? reader.GetInt64(1) : 0;
            }
        }
        while (await reader.NextResultAsync(cancellationToken));

        return (sum, last, emptied);
    }

    /// <summary>Puts versions into history that were current only inside this transaction.</summary>
    public static async Task WritePassingAsync(
        NpgsqlConnection connection, IReadOnlyCollection<NewVersion> versions, IReadOnlyDictionary<string, long> keys, CancellationToken cancellationToken)
    {
        foreach (var version in versions)
        {
            await using var command = new NpgsqlCommand(
                "insert into history (type, id, version, last_updated, patient, terms, deleted, method, source, doc, date_lo, date_hi) values ($1, $2, $3, $4, $5, $6, false, $7, $8, $9, $10, $11)",
                connection)
            {
                Parameters =
                {
                    new() { Value = version.Type },
                    new() { Value = version.Id },
                    new() { Value = version.Version },
                    new() { Value = version.LastUpdated },
                    new() { Value = Key(version, keys) ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                    new() { Value = version.Index.Terms.ToArray() },
                    new() { Value = version.Method },
                    new() { Value = version.Source ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                    new() { Value = version.Doc, NpgsqlDbType = NpgsqlDbType.Json },
                    new() { Value = version.Index.DateLow.UtcDateTime },
                    new() { Value = version.Index.DateHigh?.UtcDateTime ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                },
            };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static NpgsqlBatchCommand Command(string type, NewVersion[] rows, IReadOnlyDictionary<string, long> keys)
    {
        var sql = new VersionSql(type, rows.Any(row => row.Replaces > 0), rows.Any(row => row.Index.Ranges.Length > 0), rows.Any(row => row.Index.Texts.Length > 0), rows.Any(row => row.Index.Postings.Length > 0));
        var terms = Slices(rows, row => row.Index.Terms.Length);
        var present = Slices(rows, row => row.Index.Present.Length);
        var command = new NpgsqlBatchCommand(sql.Text)
        {
            Parameters =
            {
                new() { Value = type },
                Array(rows.SelectMany(row => row.Index.Terms)),
                Array(rows.SelectMany(row => row.Index.Present)),
                Array(rows.Select(row => row.Id)),
                Array(rows.Select(row => row.Version)),
                Array(rows.Select(row => row.Replaces)),
                Array(rows.Select(row => row.LastUpdated.UtcDateTime)),
                Array(rows.Select(row => row.Index.RefHash)),
                Array(rows.Select(row => Key(row, keys))),
                Array(rows.Select(row => row.Index.DateLow.UtcDateTime)),
                // Not DateTime?: an absent one beside a present one would count as two kinds of time.
                Array(rows.Select(row => row.Index.DateHigh?.ToUniversalTime())),
                Array(terms.Select(slice => slice.From)),
                Array(terms.Select(slice => slice.To)),
                Array(present.Select(slice => slice.From)),
                Array(present.Select(slice => slice.To)),
                Array(rows.Select(row => row.Hash)),
                Array(rows.Select(row => row.Method)),
                Array(rows.Select(row => row.Source)),
                new() { Value = rows.Select(row => row.Doc).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Json },
            },
        };
        if (sql.HasRanges)
        {
            var ranges = rows.SelectMany(row => row.Index.Ranges.Select(range => (row.Id, Range: range))).ToList();
            command.Parameters.Add(Array(ranges.Select(item => item.Id)));
            command.Parameters.Add(Array(ranges.Select(item => item.Range.Parameter)));
            command.Parameters.Add(Array(ranges.Select(item => item.Range.Low)));
            command.Parameters.Add(Array(ranges.Select(item => item.Range.High)));
            command.Parameters.Add(Array(ranges.Select(item => item.Range.Unit)));
            command.Parameters.Add(Array(ranges.Select(item => item.Range.UnitCode)));
            command.Parameters.Add(Array(ranges.Select(item => item.Range.UnitName)));
            command.Parameters.Add(Array(ranges.Select(item => item.Range.Tuple)));
            command.Parameters.Add(Array(ranges.Select(item => item.Range.Key)));
        }

        if (sql.HasTexts)
        {
            var texts = rows.SelectMany(row => row.Index.Texts.Select(text => (row.Id, Text: text))).ToList();
            command.Parameters.Add(Array(texts.Select(item => item.Id)));
            command.Parameters.Add(Array(texts.Select(item => item.Text.Parameter)));
            command.Parameters.Add(Array(texts.Select(item => item.Text.Value)));
        }

        if (sql.HasPostings)
        {
            var postings = rows.SelectMany(row => row.Index.Postings.Select(term => (row.Id, Term: term))).ToList();
            command.Parameters.Add(Array(postings.Select(item => item.Id)));
            command.Parameters.Add(Array(postings.Select(item => item.Term)));
        }

        return command;
    }

    // Where each row's values are in the array that holds those of all rows; SQL counts from 1.
    private static (int From, int To)[] Slices(NewVersion[] rows, Func<NewVersion, int> length)
    {
        var slices = new (int From, int To)[rows.Length];
        var end = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            slices[i] = (end + 1, end += length(rows[i]));
        }

        return slices;
    }

    private static NpgsqlParameter<T[]> Array<T>(IEnumerable<T> values) => new() { TypedValue = [.. values] };

    private static long? Key(NewVersion version, IReadOnlyDictionary<string, long> keys) =>
        version.PatientId is { } patient ? keys[patient] : null;
}
