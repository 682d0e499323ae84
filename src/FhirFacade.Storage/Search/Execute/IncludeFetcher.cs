using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;
using Npgsql;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>Brings what a page refers to, and what refers to it. Every table is opened by the plan's grant.</summary>
internal sealed class IncludeFetcher(SearchPlan plan, NpgsqlConnection connection)
{
    private readonly HashSet<(string Type, string Id)> seen = [];
    private readonly List<StoredResource> included = [];
    private readonly Redaction? redaction = Redaction.Of(plan.Grant.Masked);
    private bool full;

    public async Task<ImmutableArray<StoredResource>> FetchAsync(
        ImmutableArray<StoredResource> matches, ImmutableArray<Issue>.Builder issues, CancellationToken cancellationToken)
    {
        if (matches.IsEmpty || (plan.Includes.IsEmpty && plan.RevIncludes.IsEmpty))
        {
            return [];
        }

        foreach (var match in matches)
        {
            seen.Add((match.Type, match.Id));
        }

        IReadOnlyList<StoredResource> round = matches;
        for (var depth = 0; round.Count > 0 && !full && depth <= SearchLimits.MaxIterations; depth++)
        {
            var before = included.Count;
            foreach (var include in plan.Includes.Where(i => depth == 0 || i.Iterate))
            {
                await FollowAsync(include, round, cancellationToken);
            }

            foreach (var include in plan.RevIncludes.Where(i => depth == 0 || i.Iterate))
            {
                await FollowBackAsync(include, round, cancellationToken);
            }

            round = included.GetRange(before, included.Count - before);
        }

        if (full)
        {
            issues.Add(Issue.Warning(IssueType.TooCostly, $"more than {SearchLimits.MaxIncluded} resources are to be included; the rest was left out"));
        }

        return [.. included];
    }

    private async Task FollowAsync(Include include, IReadOnlyList<StoredResource> round, CancellationToken cancellationToken)
    {
        foreach (var targets in IncludedReferences.From(include, round).Where(r => !seen.Contains(r)).GroupBy(r => r.Type, r => r.Id))
        {
            await AddAsync(targets.Key, IncludeSql.ById(targets.Key, [.. targets], plan.Grant, Room), cancellationToken);
        }
    }

    private async Task FollowBackAsync(Include include, IReadOnlyList<StoredResource> round, CancellationToken cancellationToken)
    {
        foreach (var source in include.SourceType is { } named ? [named] : ResourceTables.Types.Order(StringComparer.Ordinal).ToArray())
        {
            if (IncludedReferences.TermsTo(include with { SourceType = source }, round, plan.Grant.Masked) is { Count: > 0 } terms)
            {
                await AddAsync(source, IncludeSql.ByTerm(source, terms, plan.Grant, Room), cancellationToken);
            }
        }
    }

    // Those that were fetched before may come again, so they have to fit in.
    private int Room => SearchLimits.MaxIncluded + 1 + seen.Count;

    private async Task AddAsync(string type, SqlStatement? sql, CancellationToken cancellationToken)
    {
        if (sql is null || full)
        {
            return;
        }

        await using var command = sql.ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var resource = MatchRow.ReadResource(reader, type, redaction);
            if (!seen.Add((resource.Type, resource.Id)))
            {
                continue;
            }

            if (included.Count == SearchLimits.MaxIncluded)
            {
                full = true;
                return;
            }

            included.Add(resource);
        }
    }
}
