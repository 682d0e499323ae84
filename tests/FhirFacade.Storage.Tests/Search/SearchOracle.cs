using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>Holds searches of a database against <see cref="NaiveSearch"/> over the same resources.</summary>
internal sealed class SearchOracle(TestDatabase database, NaiveSearch naive, TimeProvider clock)
{
    private readonly SearchExecutor executor = new(database.DataSource, clock, database.KeyReads);

    /// <summary>What is added to each random grant.</summary>
    public Func<AccessGrant, AccessGrant> Dress { get; init; } = grant => grant;

    /// <summary>Whether random grants are of every kind: with users, masks and denials beside scopes of patients and systems.</summary>
    public bool Wide { get; init; }

    /// <summary>How many searches found something; all differences together, so that one run shows whether they are of one kind.</summary>
    /// <param name="seeds">One search each.</param>
    /// <param name="fixedGrant">Who asks; null for a random grant each.</param>
    /// <param name="thorough">Whether the search of a seed is also paged through, and run by every path.</param>
    public async Task<int> CompareAllAsync(IEnumerable<int> seeds, AccessGrant? fixedGrant, Func<int, bool> thorough)
    {
        var hits = 0;
        var differences = new List<string>();
        foreach (var seed in seeds)
        {
            try
            {
                hits += await CompareRandomAsync(seed, fixedGrant, thorough(seed)) > 0 ? 1 : 0;
            }
            catch (Xunit.Sdk.TrueException difference)
            {
                differences.Add(difference.Message);
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} searches differ:\n\n{string.Join("\n\n", differences.Take(8))}");
        return hits;
    }

    /// <summary>The same for contained resources, by one search a seed.</summary>
    public async Task<int> CompareContainedAsync(IEnumerable<int> seeds, AccessGrant? fixedGrant)
    {
        var containers = await executor.ContainersAsync(TestContext.Current.CancellationToken);
        var types = naive.Contained.Select(c => c.Resource.Type).Distinct().Order(StringComparer.Ordinal).ToArray();
        var hits = 0;
        foreach (var seed in seeds)
        {
            var random = new RandomQuery(naive, seed);
            var type = types[seed % types.Length];
            var grant = fixedGrant ?? random.Grant(type);
            string[] parts =
            [
                random.Criteria(type, 0, 2), $"_contained={(seed % 3 == 0 ? "both" : "true")}", $"_containedType={(seed % 2 == 0 ? "container" : "contained")}", "_total=accurate",
                (seed % 5) switch { 0 => "_sort=-_lastUpdated", 1 => "_sort=_id", 2 => "_sort=_lastUpdated,-_id", _ => "" },
            ];
            hits += await CompareContainedAsync($"seed {seed}", type, string.Join('&', parts.Where(p => p.Length > 0)), grant, containers) > 0 ? 1 : 0;
        }

        return hits;
    }

    private async Task<int> CompareContainedAsync(string name, string type, string text, AccessGrant grant, IReadOnlyCollection<ContainedIn> containers)
    {
        var context = $"{name}: {string.Join(' ', grant.Rules.Select(r => r.ToScope()))} patient {grant.PatientId}: {type}?{text}";
        var parsed = QueryParser.Parse(type, SearchDatabase.Parameters(text), lenient: false, clock);
        Assert.True(parsed.Query is not null, context + string.Join("; ", parsed.Issues.Select(i => i.Diagnostics)));
        var query = parsed.Query;
        var inside = naive.FindContained(query, grant).Select(c => query.ShowsContained
            ? new NaiveHit(c.Container, c.Name, $"{c.Container.Type}#{type}", c.Place) : NaiveHit.Of(c.Container));
        var outside = query.Contained == ContainedMode.Both ? naive.Find(query with { Sort = [] }, grant).Select(NaiveHit.Of) : [];
        string[] expected = [.. NaiveHit.Sort(inside.Concat(outside).Distinct(), query).Select(hit => hit.Name)];

        var found = new List<string>();
        PageCursor? cursor = null;
        do
        {
            var count = cursor is null ? 4 : 7;
            if (Planner.Plan(new SystemQuery([query with { Count = count }]), grant, cursor, containers) is not SystemPlanOutcome.Planned { Plan: var plan })
            {
                Assert.True(expected.Length == 0, context);
                return 0;
            }

            var page = await executor.ExecuteAsync(plan, TestContext.Current.CancellationToken);
            Assert.True(page.Total == expected.Length, context + $" total {page.Total} instead of {expected.Length}");
            found.AddRange(page.Matches.Select(r => r.Container is { } container ? $"{container.Type}/{container.Id}#{r.Id}" : $"{r.Type}/{r.Id}"));
            cursor = page.Next;
        }
        while (cursor is not null && found.Count < 40);

        Check(expected.Take(found.Count), found, context);
        Assert.True(cursor is not null || found.Count == expected.Length, context + " pages end early");
        return expected.Length;
    }

    // What a search for contained resources returns: the resource shown, or the one that contains it.
    private sealed record NaiveHit(NaiveResource Owner, string Name, string Plan, int Place)
    {
        public static NaiveHit Of(NaiveResource resource) => new(resource, $"{resource.Type}/{resource.Id}", resource.Type, 0);

        public static List<NaiveHit> Sort(IEnumerable<NaiveHit> hits, SearchQuery query)
        {
            var sorted = hits.ToList();
            sorted.Sort((a, b) =>
            {
                foreach (var key in query.Sort)
                {
                    var difference = key.Parameter.Code == "_id" ? string.CompareOrdinal(a.Owner.Id, b.Owner.Id) : a.Owner.LastUpdated.CompareTo(b.Owner.LastUpdated);
                    if (difference != 0)
                    {
                        return key.Descending ? -difference : difference;
                    }
                }

                var tie = string.CompareOrdinal(a.Plan, b.Plan);
                tie = tie != 0 ? tie : a.Owner.Position != b.Owner.Position ? a.Owner.Position - b.Owner.Position : a.Place - b.Place;
                return query.Sort.Length > 0 && query.Sort[^1].Descending ? -tie : tie;
            });
            return sorted;
        }
    }

    private Task<int> CompareRandomAsync(int seed, AccessGrant? fixedGrant, bool thorough)
    {
        var random = new RandomQuery(naive, seed);
        var type = random.Type();
        var grant = fixedGrant ?? Dress(Wide ? random.WideGrant(type) : random.Grant(type));
        // What is shown in part is tagged so, and sorted as it is shown; the scan knows no such tag.
        var sort = random.Sort(type) is { } keys && (grant.Masked.In(type).IsNone || !keys.Contains("_tag", StringComparison.Ordinal)) ? keys : null;
        var text = string.Join('&', new[] { random.Criteria(type, fixedGrant is null ? 0 : 1, fixedGrant is null ? 1 : 3), random.Includes(type), "_total=accurate", sort is null ? "" : "_sort=" + sort }.Where(p => p.Length > 0));
        return CompareAsync($"seed {seed}", type, text, grant, thorough);
    }

    /// <summary>How many resources the search finds; fails if a scan of all resources finds others.</summary>
    public async Task<int> CompareAsync(string name, string type, string text, AccessGrant grant, bool thorough)
    {
        var context = $"{name}: {string.Join(' ', grant.Rules.Select(r => r.ToScope()))} patient {grant.PatientId} user {grant.User} without {grant.Masked} nor {string.Join(' ', grant.Denials)}: {type}?{text}";
        var parsed = QueryParser.Parse(type, SearchDatabase.Parameters(text), lenient: false, clock);
        Assert.True(parsed.Query is not null, context + string.Join("; ", parsed.Issues.Select(i => i.Diagnostics)));
        var query = parsed.Query;
        var seen = naive.Without(grant.Masked);
        var expected = seen.Find(query, grant);
        if (Planner.Plan(query, grant) is not PlanOutcome.Planned { Plan: var plan })
        {
            // What looks at a masked element is refused, whatever is there.
            Assert.True(expected.IsEmpty || !grant.Masked.IsNone, context);
            return 0;
        }

        var page = await executor.ExecuteAsync(plan, TestContext.Current.CancellationToken);
        if (page.Refusal is not null)
        {
            Assert.True(expected.Length > SearchLimits.MaxSorted, context + " refused");
            return expected.Length;
        }

        Check(expected.Take(query.Count).Select(r => r.Id), page.Matches.Select(r => r.Id), context);
        CheckContent(expected.Take(query.Count), page.Matches, context);
        Assert.True(page.Total == expected.Length, context + $" total {page.Total} instead of {expected.Length}");
        if (page.Issues.Any(i => i.Code == IssueType.TooCostly))
        {
            // More is to be included than a page carries.
            return expected.Length;
        }

        Check(
            seen.Included(query, grant, [.. expected.Take(query.Count)]).Select(r => r.Type + "/" + r.Id).Order(),
            page.Included.Select(r => r.Type + "/" + r.Id).Order(),
            context + " included");

        if (!thorough)
        {
            return expected.Length;
        }

        await using (var connection = await database.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            foreach (var path in new AccessPath?[] { new AccessPath.All(), new AccessPath.Few(), AccessPaths.PatientOf(plan.Match), new AccessPath.Ordered(), new AccessPath.Walk(20), AccessPaths.RarestOf(plan.Match, plan.Type, _ => TermStatistics.Unknown) is { } rare ? new AccessPath.Rare(rare) : null, AccessPaths.PostingOf(plan) is { } term ? new AccessPath.Posting(term.Posting!.Value, 20) : null }.OfType<AccessPath>())
            {
                var byPath = await SearchExecutor.ExecuteAsync(plan, path, connection, TestContext.Current.CancellationToken);
                Check(page.Matches.Select(r => r.Id), byPath.Matches.Select(r => r.Id), context + " " + path);
                Assert.True(byPath.Total == expected.Length, context + " total " + path);
            }
        }

        var counted = await executor.ExecuteAsync(((PlanOutcome.Planned)Planner.Plan(query with { Count = 0 }, grant)).Plan, TestContext.Current.CancellationToken);
        Assert.True(counted.Total == expected.Length && counted.Matches.IsEmpty && counted.Included.IsEmpty, context + " count");

        await ComparePagesAsync(query with { Count = 3, Includes = [], RevIncludes = [] }, grant, [.. expected.Select(r => r.Id)], context);
        return expected.Length;
    }

    private async Task ComparePagesAsync(SearchQuery query, AccessGrant grant, string[] expected, string context)
    {
        var forward = new List<string>();
        var backward = new List<string>();
        PageCursor? cursor = null;
        SearchPage page;
        do
        {
            page = await executor.ExecuteAsync(((PlanOutcome.Planned)Planner.Plan(query, grant, cursor)).Plan, TestContext.Current.CancellationToken);
            forward.AddRange(page.Matches.Select(r => r.Id));
            cursor = page.Next;
        }
        while (cursor is not null && forward.Count < 30);

        Check(expected.Take(forward.Count), forward, context + " pages");
        Assert.True(cursor is not null || forward.Count == expected.Length, context + " pages end early");
        backward.InsertRange(0, page.Matches.Select(r => r.Id));
        while (page.Previous is not null)
        {
            page = await executor.ExecuteAsync(((PlanOutcome.Planned)Planner.Plan(query, grant, page.Previous)).Plan, TestContext.Current.CancellationToken);
            backward.InsertRange(0, page.Matches.Select(r => r.Id));
        }

        Check(forward, backward, context + " pages back");
    }

    private static void CheckContent(IEnumerable<NaiveResource> expected, IEnumerable<StoredResource> found, string context)
    {
        foreach (var (seen, shown) in expected.Zip(found))
        {
            var isSame = JsonNode.DeepEquals(NaiveMask.Content(seen.Document), NaiveMask.Content(JsonElement.Parse(shown.Doc.Span)));
            Assert.True(isSame, $"{context} shows {seen.Type}/{seen.Id} otherwise");
        }
    }

    private static void Check(IEnumerable<string> expected, IEnumerable<string> actual, string context)
    {
        var left = string.Join(' ', expected);
        var right = string.Join(' ', actual);
        Assert.True(left == right, $"{context}\nexpected: {left}\nfound:    {right}");
    }
}
