using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;
using Npgsql;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>Runs planned searches. Safe to share.</summary>
public sealed class SearchExecutor(NpgsqlDataSource database, TimeProvider? clock = null)
{
    private readonly TermStatisticsReader statistics = new(clock ?? TimeProvider.System);

    /// <summary>One page.</summary>
    /// <param name="plan">What to find, with the grant inside it.</param>
    /// <param name="cancellationToken">Ends the statement in the database, too.</param>
    /// <exception cref="NpgsqlException">The database is not there, or took longer than its time-out allows.</exception>
    public async Task<SearchPage> ExecuteAsync(SearchPlan plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var known = new Dictionary<string, TermStatistics>(StringComparer.Ordinal);
        foreach (var type in MatchShare.Types(plan.Match, plan.Type).Distinct(StringComparer.Ordinal))
        {
            known[type] = await statistics.OfAsync(type, connection, cancellationToken);
        }

        return await ExecuteAsync(plan, AccessPaths.Choose(plan, type => known[type]), connection, cancellationToken);
    }

    /// <summary>The page by a given way to the rows: the result is the same by each.</summary>
    internal static async Task<SearchPage> ExecuteAsync(SearchPlan plan, AccessPath path, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var page = plan.Count == 0 ? new MatchPage([], null, null) : await FetchAsync(connection, plan, path, cancellationToken);
        var issues = ImmutableArray.CreateBuilder<Issue>();
        var total = await CountAsync(connection, plan, path, page, issues, cancellationToken);
        var included = await new IncludeFetcher(plan, connection).FetchAsync(page.Matches, issues, cancellationToken);
        return new SearchPage(page.Matches, included, total, page.Next, page.Previous, issues.ToImmutable());
    }

    private static async Task<MatchPage> FetchAsync(NpgsqlConnection connection, SearchPlan plan, AccessPath path, CancellationToken cancellationToken)
    {
        var rows = await MatchRow.ReadAsync(connection, PageSql.Of(plan, path), plan, cancellationToken);
        if (path is AccessPath.Walk && rows.Count <= plan.Count)
        {
            rows = await MatchRow.ReadAsync(connection, PageSql.Of(plan, new AccessPath.All()), plan, cancellationToken);
        }

        return MatchPage.Of(plan, rows);
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

        await using var command = CountSql.Of(plan, path, SearchLimits.MaxCounted).ToCommand(connection);
        var counted = (long)(await command.ExecuteScalarAsync(cancellationToken) ?? 0L);
        if (counted <= SearchLimits.MaxCounted)
        {
            return counted;
        }

        issues.Add(Issue.Warning(IssueType.TooCostly, $"more than {SearchLimits.MaxCounted} resources match; they were not counted"));
        return null;
    }
}
