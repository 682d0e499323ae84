using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.SearchParameters;
using Npgsql;

namespace FhirFacade.Storage.Search.Reindex;

/// <summary>
/// The search parameters that the database's active SearchParameter resources add to those of the process. A process serves one
/// database: what is read here holds for all of it.
/// </summary>
public static class SiteParameters
{
    private const string Sql = """
        select coalesce(g.generation, 0), coalesce(g.revision, 0), s.id, s.doc, coalesce(p.complete, false)
        from (select 1) one
        left join index_generation g on true
        left join r.searchparameter s on search_parameter_facts(s.doc) is not null
        left join index_parameter p on p.id = s.id
        order by s.rid
        """;

    private static readonly Lock Serving = new();
    private static SearchParameterSet? builtIn;
    private static (long Generation, long Revision) known;

    /// <summary>What the process served before it read a database: R4, US Core, and the site's packages.</summary>
    public static SearchParameterSet BuiltIn
    {
        get
        {
            lock (Serving)
            {
                return builtIn ??= SearchParameterSet.Served;
            }
        }
    }

    /// <summary>
    /// Why a SearchParameter may not be stored: active, and of no use. One that only repeats what is built in may; it changes nothing.
    /// </summary>
    public static ImmutableArray<Issue> Refuse(JsonElement resource) =>
        IsActive(resource) && !(resource.TryGetProperty("url", out var url) && url.ValueKind == JsonValueKind.String && BuiltIn.FindByUrl(url.GetString()!) is not null)
            ? SearchParameterSet.Indexed.With(resource).Issues
            : [];

    /// <summary>Reads them if they have changed since, and serves them.</summary>
    /// <returns>The generation that is now served.</returns>
    public static async Task<long> RefreshAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var stored = await ReadAsync(connection, cancellationToken);
        var root = BuiltIn;
        lock (Serving)
        {
            if (known == (stored.Generation, stored.Revision) || (stored.Generation == known.Generation && stored.Revision < known.Revision) || stored.Generation < known.Generation)
            {
                return known.Generation;
            }

            var indexed = root;
            var searched = root;
            foreach (var (parameter, complete) in stored.Parameters)
            {
                indexed = Added(indexed, parameter);
                searched = complete ? Added(searched, parameter) : searched;
            }

            SearchParameterSet.Serve(searched.Of(stored.Generation), indexed.Of(stored.Generation));
            known = (stored.Generation, stored.Revision);
            return known.Generation;
        }
    }

    /// <summary>Whether the database has changed since it was read.</summary>
    public static async Task<bool> HasChangedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select generation, revision from index_generation", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var now = await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetInt64(1)) : (0, 0);
        lock (Serving)
        {
            return now != known;
        }
    }

    /// <summary>Serves again what the process began with, as for a database without any.</summary>
    public static void Forget()
    {
        lock (Serving)
        {
            if (builtIn is not null)
            {
                SearchParameterSet.Serve(builtIn);
            }

            known = default;
        }
    }

    /// <summary>The types that a parameter of the site applies to.</summary>
    internal static ImmutableArray<string> TypesOf(JsonElement resource)
    {
        var url = resource.TryGetProperty("url", out var text) ? text.GetString() : null;
        var set = SearchParameterSet.Indexed;
        return [.. Schema.ResourceTables.Types.Where(type => set.For(type).Any(parameter => parameter.Url == url)).Order(StringComparer.Ordinal)];
    }

    private static bool IsActive(JsonElement resource) =>
        resource.TryGetProperty("resourceType", out var type) && type.ValueEquals("SearchParameter")
        && resource.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String && status.ValueEquals("active");

    // One that cannot be added (its component was deleted, another has its code) is as if it were not there.
    private static SearchParameterSet Added(SearchParameterSet set, JsonElement parameter) => set.With(parameter).Set;

    private static async Task<(long Generation, long Revision, List<(JsonElement Parameter, bool Complete)> Parameters)> ReadAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (generation, revision) = (0L, 0L);
        var parameters = new List<(JsonElement Parameter, bool Complete)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            (generation, revision) = (reader.GetInt64(0), reader.GetInt64(1));
            if (!await reader.IsDBNullAsync(2, cancellationToken))
            {
                parameters.Add((JsonElement.Parse(reader.GetFieldValue<byte[]>(3)), reader.GetBoolean(4)));
            }
        }

        // Of several of one url the last counts. A composite comes after what it is composed of.
        var last = parameters.AsEnumerable().Reverse().DistinctBy(p => p.Parameter.GetProperty("url").ToString()).Reverse();
        return (generation, revision, [.. last.OrderBy(p => p.Parameter.TryGetProperty("component", out _))]);
    }
}
