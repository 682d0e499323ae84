using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// Writes many resources that are not there yet by COPY: their row numbers are reserved first, so that the rows of the side tables need not wait for
/// those of the resources. Where an id is taken after all, or has been deleted meanwhile, somebody else was there.
/// </summary>
internal static class VersionCopy
{
    /// <summary>
    /// From how many new resources on COPYs are faster than statements: a COPY for each table takes less than planning the statement that writes
    /// several, but is a round trip more.
    /// </summary>
    public const int Worthwhile = 24;

    private const string Reserve = """
        select array(select nextval(s.sequence) from generate_series(1, s.wanted))
        from (select pg_get_serial_sequence(t.name, 'rid')::regclass as sequence, wanted, place from unnest($1, $2) with ordinality as t (name, wanted, place)) s
        order by place
        """;

    private const string DeletedMeanwhile = """
        select exists (select from unnest($1, $2, $3) as n (type, id, version) join history h on h.type = n.type and h.id = n.id and h.version >= n.version)
        """;

    /// <summary>Writes all of them.</summary>
    /// <param name="connection">With the writer's transaction.</param>
    /// <param name="types">New resources by type, in the order in which they are to be written.</param>
    /// <param name="keys">The key of each patient that they name.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    /// <exception cref="ConcurrentWriteException">One of them is there.</exception>
    public static async Task WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<NewVersion[]> types, IReadOnlyDictionary<string, long> keys, CancellationToken cancellationToken)
    {
        if (types.Count == 0)
        {
            return;
        }

        var rids = await ReserveAsync(connection, types, cancellationToken);
        try
        {
            for (var i = 0; i < types.Count; i++)
            {
                await WriteTypeAsync(connection, types[i], rids[i], keys, cancellationToken);
            }
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new ConcurrentWriteException();
        }

        // An id that the server has just made up was nobody's.
        NewVersion[] chosen = [.. types.SelectMany(rows => rows).Where(row => row.Method != "POST")];
        if (chosen.Length > 0 && await AreDeletedAsync(connection, chosen, cancellationToken))
        {
            throw new ConcurrentWriteException();
        }
    }

    private static async Task<List<long[]>> ReserveAsync(NpgsqlConnection connection, IReadOnlyList<NewVersion[]> types, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Reserve, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = [.. types.Select(rows => ResourceTables.NameOf(rows[0].Type))] },
                new NpgsqlParameter<int[]> { TypedValue = [.. types.Select(rows => rows.Length)] },
            },
        };
        var rids = new List<long[]>(types.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rids.Add(reader.GetFieldValue<long[]>(0));
        }

        return rids;
    }

    private static async Task<bool> AreDeletedAsync(NpgsqlConnection connection, NewVersion[] rows, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(DeletedMeanwhile, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(row => row.Type)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(row => row.Id)] },
                new NpgsqlParameter<int[]> { TypedValue = [.. rows.Select(row => row.Version)] },
            },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken) ?? false);
    }

    private static async Task WriteTypeAsync(
        NpgsqlConnection connection, NewVersion[] rows, long[] rids, IReadOnlyDictionary<string, long> keys, CancellationToken cancellationToken)
    {
        var type = rows[0].Type;
        await using (var copy = await BinaryCopy.BeginAsync(connection, $"{ResourceTables.NameOf(type)} (rid, {VersionSql.Columns})", cancellationToken))
        {
            for (var i = 0; i < rows.Length; i++)
            {
                await copy.RowAsync(14, cancellationToken);
                Row(copy, rows[i], rids[i], keys);
            }

            await copy.CompleteAsync(cancellationToken);
        }

        if (rows.Any(row => row.Index.Ranges.Length > 0))
        {
            await using var copy = await BinaryCopy.BeginAsync(connection, $"{ResourceTables.RangesOf(type)} (rid, param, lo, hi, unit, unit_code, unit_name, tuple, key)", cancellationToken);
            for (var i = 0; i < rows.Length; i++)
            {
                foreach (var range in rows[i].Index.Ranges)
                {
                    await copy.RowAsync(9, cancellationToken);
                    copy.Long(rids[i]);
                    copy.Int(range.Parameter);
                    copy.Double(range.Low);
                    copy.Double(range.High);
                    copy.Long(range.Unit);
                    copy.Long(range.UnitCode);
                    copy.Long(range.UnitName);
                    copy.Int(range.Tuple);
                    copy.Long(range.Key);
                }
            }

            await copy.CompleteAsync(cancellationToken);
        }

        if (rows.Any(row => row.Index.Texts.Length > 0))
        {
            await using var copy = await BinaryCopy.BeginAsync(connection, $"{ResourceTables.TextsOf(type)} (rid, param, value)", cancellationToken);
            for (var i = 0; i < rows.Length; i++)
            {
                foreach (var text in rows[i].Index.Texts)
                {
                    await copy.RowAsync(3, cancellationToken);
                    copy.Long(rids[i]);
                    copy.Int(text.Parameter);
                    copy.Text(text.Value);
                }
            }

            await copy.CompleteAsync(cancellationToken);
        }

        if (rows.Any(row => row.Index.Postings.Length > 0))
        {
            await using var copy = await BinaryCopy.BeginAsync(connection, $"{ResourceTables.PostingsOf(type)} (term, date_lo, rid)", cancellationToken);
            for (var i = 0; i < rows.Length; i++)
            {
                foreach (var term in rows[i].Index.Postings)
                {
                    await copy.RowAsync(3, cancellationToken);
                    copy.Long(term);
                    copy.Time(rows[i].Index.DateLow);
                    copy.Long(rids[i]);
                }
            }

            await copy.CompleteAsync(cancellationToken);
        }
    }

    // In the order of VersionSql.Columns.
    private static void Row(BinaryCopy copy, NewVersion row, long rid, IReadOnlyDictionary<string, long> keys)
    {
        copy.Long(rid);
        copy.Text(row.Id);
        copy.Int(row.Version);
        copy.Time(row.LastUpdated);
        copy.Long(row.Index.RefHash);
        copy.Long(row.PatientId is { } patient ? keys[patient] : (long?)null);
        copy.Time(row.Index.DateLow);
        copy.Time(row.Index.DateHigh);
        copy.Longs(row.Index.Terms);
        copy.Ints(row.Index.Present);
        copy.Bytes(row.Hash);
        copy.Text(row.Method);
        copy.Long(row.Source);
        copy.Document(row);
    }
}
