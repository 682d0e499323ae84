using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Storage.Search.Reindex;

/// <summary>The jobs of the database: asked for here, done by whichever server comes to it (<see cref="Reindexer"/>). Safe to share.</summary>
public sealed class ReindexJobs(NpgsqlDataSource database)
{
    // Any number that nobody else in the database takes a lock on.
    private const long StartKey = 0x4668_6972_5265_6978;

    private const string Select = """
        select j.id, j.state, j.reason, j.created_at, j.started_at, j.finished_at,
          array(select id from index_parameter p where p.job = j.id order by id),
          t.type, t.rows_done, t.rows_changed, greatest(c.reltuples, 0)::bigint, t.finished
        from reindex_job j
        left join reindex_type t on t.job = j.id
        left join pg_class c on c.oid = to_regclass('r.' || quote_ident(lower(t.type)))
        """;

    /// <summary>Asks for the types to be indexed anew, after whatever was asked for before.</summary>
    /// <param name="types">Types that are stored.</param>
    /// <param name="reason">A word for who asks.</param>
    /// <param name="cancellationToken">Stops before the commit.</param>
    /// <returns>The job's number.</returns>
    public async Task<long> StartAsync(IEnumerable<string> types, string reason, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await StartAsync(connection, types, reason, cancellationToken);
    }

    /// <summary>
    /// Asks for the types whose rows were indexed by other definitions than this build and its packages have, unless that has been asked for.
    /// </summary>
    /// <returns>The job's number, and the types; null where every row is indexed as it should be.</returns>
    public async Task<(long Job, ImmutableArray<string> Types)?> StartIfBehindAsync(CancellationToken cancellationToken)
    {
        var wanted = IndexDefinitions.Of(SiteParameters.BuiltIn);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var behind = await BehindAsync(connection, wanted, cancellationToken);
        if (behind.Count == 0)
        {
            return null;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"select pg_advisory_xact_lock({StartKey})"), cancellationToken);
        behind = await BehindAsync(connection, wanted, cancellationToken);
        var filled = await FilledAsync(connection, behind, cancellationToken);
        await IndexTypes.RecordAsync(connection, behind.Except(filled), cancellationToken);
        ImmutableArray<string> missing = [.. filled.Except(await AskedForAsync(connection, wanted, cancellationToken)).Order(StringComparer.Ordinal)];
        var job = missing.IsEmpty ? 0 : await StartAsync(connection, missing, "start", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return missing.IsEmpty ? null : (job, missing);
    }

    /// <summary>The types of the site's parameters by which not all rows are indexed, of one of them or of all.</summary>
    public async Task<ImmutableArray<string>> WaitingTypesAsync(string? parameterId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await SiteParameters.RefreshAsync(connection, cancellationToken);
        await using var command = new NpgsqlCommand("""
            select s.doc from r.searchparameter s left join index_parameter p on p.id = s.id
            where search_parameter_facts(s.doc) is not null and not coalesce(p.complete, false) and ($1::text is null or s.id = $1)
            """, connection) { Parameters = { new() { Value = (object?)parameterId ?? DBNull.Value } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var types = new SortedSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            types.UnionWith(SiteParameters.TypesOf(JsonElement.Parse(reader.GetFieldValue<byte[]>(0))));
        }

        return [.. types];
    }

    /// <summary>One job; null if there is none of this number. Of one that is said to have ended this process knows what it has made complete.</summary>
    public async Task<ReindexJob?> FindAsync(long id, CancellationToken cancellationToken)
    {
        var job = (await ReadAsync($"{Select} where j.id = $1 order by t.type", id, cancellationToken)).FirstOrDefault();
        if (job is { HasEnded: true })
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await SiteParameters.RefreshAsync(connection, cancellationToken);
        }

        return job;
    }

    /// <summary>The jobs that have not ended, the first to be done first.</summary>
    public Task<ImmutableArray<ReindexJob>> UnfinishedAsync(CancellationToken cancellationToken) =>
        ReadAsync($"{Select} where j.state in ('waiting', 'running') and j.id > $1 order by j.id, t.type", 0, cancellationToken);

    /// <summary>Ends a job where it stands; false if it had ended, or was never asked for. What it has written stays.</summary>
    public async Task<bool> CancelAsync(long id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            with ended as (update reindex_job set state = 'cancelled', finished_at = now() where id = $1 and state in ('waiting', 'running') returning id),
            gone as (delete from index_parameter where job in (select id from ended) and not complete)
            select count(*) from ended
            """);
        command.Parameters.Add(new() { Value = id });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! > 0;
    }

    private static async Task<long> StartAsync(NpgsqlConnection connection, IEnumerable<string> types, string reason, CancellationToken cancellationToken)
    {
        var wanted = IndexDefinitions.Of(SiteParameters.BuiltIn);
        string[] named = [.. types.Distinct(StringComparer.Ordinal)];
        await using var command = new NpgsqlCommand("""
            with job as (insert into reindex_job (reason) values ($1) returning id),
            of_types as (insert into reindex_type (job, type, definitions) select job.id, t.type, t.definitions from job, unnest($2, $3) as t (type, definitions))
            select id from job
            """, connection)
        {
            Parameters = { new() { Value = reason }, new() { Value = named }, new() { Value = named.Select(type => wanted[type]).ToArray() } },
        };
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<List<string>> BehindAsync(NpgsqlConnection connection, IReadOnlyDictionary<string, long> wanted, CancellationToken cancellationToken)
    {
        var known = await IndexTypes.ReadAsync(connection, cancellationToken);
        return [.. wanted.Where(type => known.GetValueOrDefault(type.Key) != type.Value).Select(type => type.Key)];
    }

    // A table without a row has none that was indexed otherwise.
    private static async Task<List<string>> FilledAsync(NpgsqlConnection connection, IEnumerable<string> types, CancellationToken cancellationToken)
    {
        var filled = new List<string>();
        foreach (var part in types.Chunk(20))
        {
            await using var command = new NpgsqlCommand(
                string.Join(" union all ", part.Select((type, i) => string.Create(CultureInfo.InvariantCulture, $"select {i} where exists (select from {ResourceTables.NameOf(type)})"))), connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                filled.Add(part[reader.GetInt32(0)]);
            }
        }

        return filled;
    }

    private static async Task<List<string>> AskedForAsync(NpgsqlConnection connection, IReadOnlyDictionary<string, long> wanted, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select t.type, t.definitions from reindex_type t join reindex_job j on j.id = t.job where j.state in ('waiting', 'running')", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var types = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (wanted.GetValueOrDefault(reader.GetString(0)) == reader.GetInt64(1))
            {
                types.Add(reader.GetString(0));
            }
        }

        return types;
    }

    private async Task<ImmutableArray<ReindexJob>> ReadAsync(string sql, long value, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var jobs = new List<ReindexJob>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (jobs.Count == 0 || jobs[^1].Id != reader.GetInt64(0))
            {
                jobs.Add(new(
                    reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3),
                    await TimeAsync(4), await TimeAsync(5), [], [.. reader.GetFieldValue<string[]>(6)]));
            }

            if (!await reader.IsDBNullAsync(7, cancellationToken))
            {
                var type = new ReindexedType(reader.GetString(7), reader.GetInt64(8), reader.GetInt64(9), reader.GetInt64(10), reader.GetBoolean(11));
                jobs[^1] = jobs[^1] with { Types = jobs[^1].Types.Add(type) };
            }
        }

        return [.. jobs];

        async Task<DateTimeOffset?> TimeAsync(int column) => await reader.IsDBNullAsync(column, cancellationToken) ? null : reader.GetFieldValue<DateTimeOffset>(column);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
