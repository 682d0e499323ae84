using System.Text.Json;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Storage.Search.Reindex;

/// <summary>
/// Does the jobs of the database, a few rows a transaction; how far it is stands in the same transaction, so that another server, or this
/// one after it was killed, goes on with the next row. Any number of servers may do this: one of them works at a time, at the pace of all.
/// </summary>
/// <param name="database">From <see cref="DataSources.Create(string)"/>.</param>
/// <param name="rowsPerSecond">The pace; 0 for as fast as it goes.</param>
/// <param name="ended">Told the number of each job that has been completed here.</param>
public sealed class Reindexer(NpgsqlDataSource database, int rowsPerSecond, Action<long>? ended = null)
{
    private const int BatchRows = 200;

    /// <summary>How long a server may serve parameters that another has changed.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    // The first of the jobs, and nobody else while this transaction lasts.
    private const string Claim = """
        select id, state, barrier is null or pg_snapshot_xmin(pg_current_snapshot()) >= barrier, not_before <= clock_timestamp()
        from reindex_job where id = (select min(id) from reindex_job where state in ('waiting', 'running')) for update skip locked
        """;

    /// <summary>Reads the site's parameters if they have changed, and does the next few rows, if there is a job.</summary>
    /// <returns>How long nothing is to be done.</returns>
    public async Task<TimeSpan> StepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await SiteParameters.HasChangedAsync(connection, cancellationToken))
        {
            await SiteParameters.RefreshAsync(connection, cancellationToken);
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (job, state, isClear, isDue) = await ClaimAsync(connection, cancellationToken);
        if (job == 0)
        {
            return Idle;
        }

        if (!isClear || !isDue)
        {
            return Patience;
        }

        // Rows are to be indexed by what is active now, not by what this server still knows.
        if (await ScalarAsync<long>(connection, IndexGeneration.Sql, cancellationToken) != SearchParameterSet.Indexed.Generation)
        {
            return TimeSpan.Zero;
        }

        if (state == "waiting")
        {
            await BeginAsync(connection, job, cancellationToken);
        }
        else if (!await NextRowsAsync(connection, job, cancellationToken))
        {
            await CompleteAsync(connection, job, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            await SiteParameters.RefreshAsync(connection, cancellationToken);
            ended?.Invoke(job);
            return TimeSpan.Zero;
        }

        await transaction.CommitAsync(cancellationToken);
        return TimeSpan.Zero;
    }

    private static async Task<(long Job, string State, bool IsClear, bool IsDue)> ClaimAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Claim, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetString(1), reader.GetBoolean(2), reader.GetBoolean(3)) : default;
    }

    // Notes which parameters the job makes complete, and which transactions have to end first.
    private static async Task BeginAsync(NpgsqlConnection connection, long job, CancellationToken cancellationToken)
    {
        var types = await TypesAsync(connection, job, cancellationToken);
        var parameters = new List<string>();
        await using (var command = new NpgsqlCommand("select id, doc from r.searchparameter where search_parameter_facts(doc) is not null", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var needed = SiteParameters.TypesOf(JsonElement.Parse(reader.GetFieldValue<byte[]>(1)));
                if (!needed.IsEmpty && needed.All(types.Contains))
                {
                    parameters.Add(reader.GetString(0));
                }
            }
        }

        await ExecuteAsync(connection, """
            insert into index_parameter (id, job, complete) select id, $1, false from unnest($2) id
            on conflict (id) do update set job = excluded.job where not index_parameter.complete
            """, cancellationToken, job, parameters.ToArray());
        await ExecuteAsync(connection, "update reindex_job set state = 'running', started_at = now(), barrier = pg_snapshot_xmax(pg_current_snapshot()) where id = $1", cancellationToken, job);
    }

    // False if there is none left.
    private async Task<bool> NextRowsAsync(NpgsqlConnection connection, long job, CancellationToken cancellationToken)
    {
        var definitions = IndexDefinitions.Of(SiteParameters.BuiltIn);
        while (await NextTypeAsync(connection, job, cancellationToken) is var (type, after, last) && type.Length > 0)
        {
            last ??= await ScalarAsync<long>(connection, $"select coalesce(max(rid), 0) from {ResourceTables.NameOf(type)}", cancellationToken);
            var (done, changed, reached) = await ReindexBatch.RunAsync(connection, type, after, last.Value, BatchRows, cancellationToken);
            await ExecuteAsync(
                connection,
                """
                update reindex_type set rid = $3, last_rid = $4, rows_done = rows_done + $5, rows_changed = rows_changed + $6, finished = $7,
                  definitions = case when definitions = $8 then definitions else 0 end
                where job = $1 and type = $2
                """,
                cancellationToken, job, type, reached, last, (long)done, (long)changed, done < BatchRows, definitions[type]);
            if (done > 0)
            {
                await ExecuteAsync(connection, "update reindex_job set not_before = clock_timestamp() + make_interval(secs => $2) where id = $1", cancellationToken, job, rowsPerSecond > 0 ? (double)done / rowsPerSecond : 0);
                return true;
            }
        }

        return false;
    }

    private static async Task<(string Type, long After, long? Last)> NextTypeAsync(NpgsqlConnection connection, long job, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select type, rid, last_rid from reindex_type where job = $1 and not finished order by type limit 1", connection) { Parameters = { new() { Value = job } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetString(0), reader.GetInt64(1), await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetInt64(2)) : ("", 0, null);
    }

    private static async Task CompleteAsync(NpgsqlConnection connection, long job, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, "update index_parameter set complete = true where job = $1", cancellationToken, job);
        await ExecuteAsync(connection, """
            insert into index_type (type, definitions) select type, definitions from reindex_type where job = $1 and definitions <> 0
            on conflict (type) do update set definitions = excluded.definitions
            """, cancellationToken, job);
        await ExecuteAsync(connection, """
            insert into index_generation as g (generation, before, changed_by, revision) values (0, 0, pg_current_xact_id(), 1)
            on conflict (one) do update set revision = g.revision + 1
            """, cancellationToken);
        await ExecuteAsync(connection, "update reindex_job set state = 'completed', finished_at = now() where id = $1", cancellationToken, job);
    }

    private static async Task<HashSet<string>> TypesAsync(NpgsqlConnection connection, long job, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select type from reindex_type where job = $1", connection) { Parameters = { new() { Value = job } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var types = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            types.Add(reader.GetString(0));
        }

        return types;
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object?[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
