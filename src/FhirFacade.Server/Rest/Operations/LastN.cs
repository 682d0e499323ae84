using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Render;
using FhirFacade.Server.Rest.Terminologies;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Plan;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Operations;

/// <summary><c>Observation/$lastn</c> (R4 observation-operation-lastn.html): the newest of each code.</summary>
internal sealed class LastN(SearchExecutor executor, TerminologySources terminology, SmartSettings settings, ContentCheck check, TimeProvider clock)
{
    private const int PageSize = 500;

    private static readonly string[] Criteria = ["patient", "subject", "category", "code", "date", "status"];

    // A patient's observations are some thousands at most; beyond this many the oldest codes may be missing, and the answer says so.
    private const int MostPages = 40;

    /// <summary>200 with a searchset, newest first within a code; 400, or 403.</summary>
    public Task HandleAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        if (Address.Refuse("Observation", operation.Grant, Interactions.Search) is { } closed)
        {
            return closed;
        }
        var (most, refusal) = operation.Input.Number("max", 1, least: 1);
        KeyValuePair<string, string>[] criteria = [.. operation.Input.Names.Where(name => Criteria.Contains(name.Split(':', '.')[0])).SelectMany(name => operation.Input.Texts(name).Select(value => new KeyValuePair<string, string>(name, value)))];
        refusal ??= criteria.Any(c => c.Key.Split(':', '.')[0] is "patient" or "subject") ? null : Refusal.BadRequest("patient or subject is missing", IssueType.Required);
        return refusal ?? await AnswerAsync(operation, criteria, most);
    });

    private async Task<Refusal?> AnswerAsync(Operation operation, KeyValuePair<string, string>[] criteria, int most)
    {
        var terms = await terminology.OfSearchAsync(criteria, operation.Grant, operation.Http.RequestAborted);
        var groups = new List<Group>();
        PageCursor? from = null;
        var pages = 0;
        do
        {
            var (_, plan, refusal) = PlannedSearch.Of("Observation", [.. criteria, new("_sort", "-date")], operation.Grant, clock, query => query with { Count = PageSize }, from, terms);
            if (refusal is not null)
            {
                return refusal;
            }
            var page = await executor.ExecuteAsync(plan!, operation.Http.RequestAborted);
            foreach (var observation in page.Matches)
            {
                Put(groups, observation, most);
            }
            from = page.Next;
            pages++;
        }
        while (from is not null && pages < MostPages);
        var entries = groups.SelectMany(g => g.Newest).Select(o => SearchEntry.Of(settings, o, "match"));
        if (from is not null)
        {
            entries = entries.Append(new BundleEntry.Search(null, "OperationOutcome", OperationOutcome.ToJson(Issue.Warning(IssueType.TooCostly, "there are too many observations; codes that were last used long ago may be missing")), "outcome"));
        }
        List<BundleLink> self = [new("self", $"{settings.FhirBase}/Observation/$lastn{operation.Http.Request.QueryString.Value}")];
        await BundleAnswer.WriteAsync(operation.Http, new Bundle("searchset", groups.Sum(g => g.Newest.Count), self, entries), operation.Rendering, clock.GetUtcNow());
        return null;
    }

    // Observations are of one kind if they share a coding; without codings, if they share the text.
    private static void Put(List<Group> groups, StoredResource observation, int most)
    {
        var codes = Codes(JsonElement.Parse(observation.Doc.Span)).ToList();
        var group = groups.Find(g => codes.Exists(g.Codes.Contains));
        if (group is null)
        {
            groups.Add(group = new Group([], []));
        }
        group.Codes.UnionWith(codes);
        if (group.Newest.Count < most)
        {
            group.Newest.Add(observation);
        }
    }

    private static IEnumerable<(string? System, string? Code)> Codes(JsonElement observation)
    {
        if (!observation.TryGetProperty("code", out var code))
        {
            yield break;
        }
        if (code.TryGetProperty("coding", out var codings))
        {
            foreach (var coding in codings.EnumerateArray().Where(c => c.TryGetProperty("code", out _)))
            {
                yield return (coding.TryGetProperty("system", out var system) ? system.GetString() : null, coding.GetProperty("code").GetString());
            }
        }
        else if (code.TryGetProperty("text", out var text))
        {
            yield return ("text", text.GetString());
        }
    }

    private sealed record Group(HashSet<(string?, string?)> Codes, List<StoredResource> Newest);
}
