using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;
using Npgsql;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>Runs planned searches. Safe to share.</summary>
/// <param name="database">From <see cref="Schema.DataSources.Create(string)"/>.</param>
/// <param name="clock">When statistics are read anew.</param>
/// <param name="keyReads">
/// From <see cref="Schema.DataSources.CreateForKeys"/>, for searches that can go one way only, by id, by a rare term, along the rows of a patient or along an
/// index: planning them each time takes longer than they do. Without it the other serves, too.
/// </param>
public sealed class SearchExecutor(NpgsqlDataSource database, TimeProvider? clock = null, NpgsqlDataSource? keyReads = null)
{
    private readonly TermStatisticsReader statistics = new(clock ?? TimeProvider.System);

    /// <summary>One page.</summary>
    /// <param name="plan">What to find, with the grant inside it.</param>
    /// <param name="cancellationToken">Ends the statement in the database, too.</param>
    /// <exception cref="NpgsqlException">The database is not there, or took longer than its time-out allows.</exception>
    public async Task<SearchPage> ExecuteAsync(SearchPlan plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var known = Choose(plan);
        if (known is not null && AccessPaths.IsPlannedOnce(plan, known))
        {
            await using var keyed = await (keyReads ?? database).OpenConnectionAsync(cancellationToken);
            if (known.IsShort)
            {
                return await ExecuteAsync(plan, known, keyed, cancellationToken);
            }

            var rows = await MatchRow.ReadAsync(keyed, PageSql.Of(plan, known), plan, cancellationToken);
            if (!HasGivenUp(plan, known, rows))
            {
                var page = MatchPage.Of(plan, rows);
                return new SearchPage(page.Matches, [], plan.From is null && page.Next is null ? page.Matches.Length : null, page.Next, page.Previous, []);
            }

            known = new AccessPath.All();
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ExecuteAsync(plan, known ?? await ChooseAsync(plan, connection, cancellationToken), connection, cancellationToken);
    }

    /// <summary>One page of a search of several types.</summary>
    public async Task<SearchPage> ExecuteAsync(SystemPlan plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await new SystemPage(plan, connection, ChooseAsync).ExecuteAsync(cancellationToken);
    }

    /// <summary>Which types are contained in which others, for the planner of a search for contained resources.</summary>
    public async Task<IReadOnlyCollection<ContainedIn>> ContainersAsync(CancellationToken cancellationToken = default)
    {
        await using var command = database.CreateCommand("select type, container_type from contained_in");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new HashSet<ContainedIn>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new(reader.GetString(0), reader.GetString(1)));
        }

        return found;
    }

    /// <summary>The page by a given way to the rows: the result is the same by each.</summary>
    internal static async Task<SearchPage> ExecuteAsync(SearchPlan plan, AccessPath path, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (TooCostly(plan, path) is { } refusal)
        {
            return SearchPage.Refused(refusal);
        }

        var page = new MatchPage([], null, null);
        if (plan.Count > 0)
        {
            if (await FetchAsync(connection, plan, path, cancellationToken) is not { } rows)
            {
                return SearchPage.Refused(TooManyToSort());
            }

            page = MatchPage.Of(plan, rows);
        }

        var issues = ImmutableArray.CreateBuilder<Issue>();
        var total = await CountAsync(connection, plan, path, page, issues, cancellationToken);
        var included = await new IncludeFetcher(plan, connection).FetchAsync(page.Matches, issues, cancellationToken);
        return new SearchPage(page.Matches, included, total, page.Next, page.Previous, issues.ToImmutable());
    }

    /// <summary>The rows of the page and one more, in the direction of reading; null if there are more matches than can be sorted.</summary>
    internal static async Task<List<MatchRow>?> FetchAsync(NpgsqlConnection connection, SearchPlan plan, AccessPath path, CancellationToken cancellationToken)
    {
        if (ComputedKeys.Needs(plan))
        {
            return await ComputedKeys.FetchAsync(connection, plan, path, cancellationToken);
        }

        var rows = await MatchRow.ReadAsync(connection, PageSql.Of(plan, path), plan, cancellationToken);
        return HasGivenUp(plan, path, rows)
            ? await MatchRow.ReadAsync(connection, PageSql.Of(plan, new AccessPath.All()), plan, cancellationToken)
            : rows;
    }

    private static bool HasGivenUp(SearchPlan plan, AccessPath path, List<MatchRow> rows) => path is AccessPath.Walk or AccessPath.Posting && rows.Count <= plan.Count;

    internal static Issue TooManyToSort() => Issue.Error(
        IssueType.TooCostly, $"_sort: more than {SearchLimits.MaxSorted} resources match, and this order has no index; narrow the search down", "_sort");

    // The content of resources has no index: something else has to name the rows.
    internal static Issue? TooCostly(SearchPlan plan, AccessPath path) => path is AccessPath.Refused
        ? Issue.Error(IssueType.TooCostly, "_content: needs another parameter that narrows the search down", "_content")
        : null;

    // Null if it depends on statistics that have to be read first.
    private AccessPath? Choose(SearchPlan plan)
    {
        if (plan.Contained is null && AccessPaths.WithoutStatistics(plan.Match) is { } path)
        {
            return path;
        }

        var known = new Dictionary<string, TermStatistics>(StringComparer.Ordinal);
        foreach (var type in MatchShare.Types(plan.Match, plan.Type))
        {
            if (statistics.Known(type) is not { } ofType)
            {
                return null;
            }

            known[type] = ofType;
        }

        return AccessPaths.Choose(plan, type => known[type]);
    }

    private async Task<AccessPath> ChooseAsync(SearchPlan plan, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, TermStatistics>(StringComparer.Ordinal);
        foreach (var type in MatchShare.Types(plan.Match, plan.Type).Distinct(StringComparer.Ordinal))
        {
            known[type] = await statistics.OfAsync(type, connection, cancellationToken);
        }

        return AccessPaths.Choose(plan, type => known[type]);
    }

    private static async Task<long?> CountAsync(
        NpgsqlConnection connection, SearchPlan plan, AccessPath path, MatchPage page, ImmutableArray<Issue>.Builder issues, CancellationToken cancellationToken)
    {
        // A page that is all there is has been counted already, wanted or not.
        if (plan.Count > 0 && plan.From is null && page.Next is null)
        {
            return page.Matches.Length;
        }

        if (plan.Total == TotalMode.None)
        {
            return null;
        }

        var counted = await CountAsync(connection, plan, path, cancellationToken);
        if (counted <= SearchLimits.MaxCounted)
        {
            return counted;
        }

        issues.Add(TooManyToCount());
        return null;
    }

    internal static Issue TooManyToCount() =>
        Issue.Warning(IssueType.TooCostly, $"more than {SearchLimits.MaxCounted} resources match; they were not counted");

    internal static async Task<long> CountAsync(NpgsqlConnection connection, SearchPlan plan, AccessPath path, CancellationToken cancellationToken)
    {
        await using var command = CountSql.Of(plan, path, SearchLimits.MaxCounted).ToCommand(connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken) ?? 0L);
    }
}
