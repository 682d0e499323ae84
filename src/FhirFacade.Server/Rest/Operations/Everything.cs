using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Server.Render;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Plan;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Operations;

/// <summary><c>$everything</c> of a Patient and of an Encounter (R4 patient-operation-everything.html, encounter-operation-everything.html).</summary>
/// <remarks>
/// It is a row of searches, a type after the other, each planned with the client's grant. For a patient the grant is first narrowed to that patient's
/// compartment, which is exact; for an encounter each type is searched by its parameter <c>encounter</c>. What the resources of a page refer to outside of
/// the compartment comes along with them.
/// </remarks>
internal sealed class Everything(ResourceReader resources, SearchExecutor executor, SmartSettings settings, PageLinks pages, ContentCheck check, TimeProvider clock)
{
    private const int DefaultCount = 500;
    private const int LargestCount = 1000;

    /// <summary>200 with a searchset; 400, 403, 404 or 410.</summary>
    public Task OfPatientAsync(HttpContext http) => Operation.RunAsync(http, check, operation => AnswerAsync(operation, "Patient"));

    /// <summary>200 with a searchset; 400, 403, 404 or 410.</summary>
    public Task OfEncounterAsync(HttpContext http) => Operation.RunAsync(http, check, operation => AnswerAsync(operation, "Encounter"));

    private async Task<Refusal?> AnswerAsync(Operation operation, string type)
    {
        var (http, grant) = (operation.Http, operation.Grant);
        var id = Address.Id(http);
        if (Address.Refuse(type, grant, Interactions.Read) is { } closed)
        {
            return closed;
        }
        var found = await resources.ReadAsync(type, id, grant, http.RequestAborted);
        if (found is not ReadOutcome.Found)
        {
            return found is ReadOutcome.Gone ? Refusal.Gone() : Refusal.NotFound();
        }
        var (state, refusal) = State(operation, $"everything {type}/{id}");
        var page = refusal is null ? await PageAsync(state!, type, id, grant, http.RequestAborted) : default;
        if ((refusal ?? page.Refusal) is { } wrong)
        {
            return wrong;
        }
        var url = $"{settings.FhirBase}/{type}/{id}/$everything";
        List<BundleLink> links = [new("self", url + http.Request.QueryString.Value)];
        if (page.Next is not null)
        {
            links.Add(new("next", $"{url}?{PageLinks.Parameter}={pages.Seal($"everything {type}/{id}", grant, new PageState([], JsonSerializer.Serialize(page.Next)))}"));
        }
        var entries = page.Found.Select(match => SearchEntry.Of(settings, match, "match")).Concat((await ReferredAsync(page.Found, grant, http.RequestAborted)).Select(other => SearchEntry.Of(settings, other, "include")));
        await BundleAnswer.WriteAsync(http, new Bundle("searchset", state!.Ordinal == 0 && state.Cursor is null && page.Next is null ? page.Found.Count : null, links, entries), operation.Rendering, clock.GetUtcNow());
        return null;
    }

    private (EverythingState? State, Refusal? Refusal) State(Operation operation, string route)
    {
        if (operation.Input.Text(PageLinks.Parameter) is { } link)
        {
            return pages.Open(route, operation.Grant, link) is { } sealedState
                ? (JsonSerializer.Deserialize<EverythingState>(sealedState.Cursor), null)
                : (null, Refusal.BadRequest("the page link was not made for this access token, or is too old"));
        }
        var (count, refusal) = operation.Input.Number("_count", DefaultCount, least: 1);
        string[] types = [.. operation.Input.Texts("_type").SelectMany(t => t.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        var dates = new[] { "start", "end", "_since" }.Select(operation.Input.Text).ToArray();
        refusal ??= types.Any(t => !ResourceTables.Has(t)) ? Refusal.BadRequest("_type names what is no resource type", IssueType.Value) : null;
        refusal ??= dates.Any(d => d is not null && !DateRange.TryParse(d, out _)) ? Refusal.BadRequest("start, end or _since has a value of the wrong form", IssueType.Value) : null;
        return refusal is null ? (new EverythingState(types, dates[0], dates[1], dates[2], Math.Min(count, LargestCount), 0, null), null) : (null, refusal);
    }

    private async Task<(List<StoredResource> Found, EverythingState? Next, Refusal? Refusal)> PageAsync(
        EverythingState state, string type, string id, AccessGrant grant, CancellationToken cancellationToken)
    {
        var searches = (type == "Patient" ? OfPatient(id, grant) : OfEncounter(id, grant)).Where(s => state.Types.Length == 0 || state.Types.Contains(s.Type)).ToList();
        var found = new List<StoredResource>();
        for (var i = state.Ordinal; i < searches.Count; i++)
        {
            var (searched, parameters, narrowed) = searches[i];
            var left = state.Count - found.Count;
            if (left == 0)
            {
                return (found, state with { Ordinal = i, Cursor = null }, null);
            }
            // A cursor belongs to a search with its page size, so the size is that of the whole page; what is too much is left to the next page.
            var (_, plan, refusal) = PlannedSearch.Of(searched, [.. parameters, .. state.Limits(searched)], narrowed, clock, query => query with { Count = left }, i == state.Ordinal ? state.Cursor : null);
            if (refusal is not null)
            {
                return ([], null, refusal);
            }
            var page = await executor.ExecuteAsync(plan!, cancellationToken);
            found.AddRange(page.Matches);
            if (page.Next is not null)
            {
                return (found, state with { Ordinal = i, Cursor = page.Next }, null);
            }
        }
        return (found, null, null);
    }

    private static IEnumerable<(string Type, KeyValuePair<string, string>[] Parameters, AccessGrant Grant)> OfPatient(string id, AccessGrant grant)
    {
        var narrowed = grant with
        {
            PatientId = id,
            Rules = [.. grant.Rules.Where(rule => rule.Context == AccessContext.System || rule.Context == AccessContext.Patient && grant.PatientId == id).Select(rule => rule with { Context = AccessContext.Patient })],
        };
        return Order("Patient").Where(t => PatientCompartment.Contains(t) && !PatientCompartment.IsDirectory(t) && narrowed.For(t, Interactions.Search, Enforcement.All) is not TypeAccess.Denied)
            .Select(t => (t, Array.Empty<KeyValuePair<string, string>>(), narrowed));
    }

    private static IEnumerable<(string Type, KeyValuePair<string, string>[] Parameters, AccessGrant Grant)> OfEncounter(string id, AccessGrant grant) =>
        Order("Encounter").Where(t => grant.For(t, Interactions.Search, Enforcement.All) is not TypeAccess.Denied).Select(t => t == "Encounter" ? (t, "_id", id) : (t, "encounter", $"Encounter/{id}"))
            .Where(s => s.Item2 == "_id" || SearchParameterSet.R4.Find(s.t, "encounter") is { Type: SearchParameterType.Reference })
            .Select(s => (s.t, new KeyValuePair<string, string>[] { new(s.Item2, s.Item3) }, grant));

    private static IEnumerable<string> Order(string first) => ResourceTables.Types.Order(StringComparer.Ordinal).Where(t => t != first).Prepend(first);

    // What stands outside of the compartment (who, where, which medicine) is searched for by id, under the client's own grant.
    private async Task<List<StoredResource>> ReferredAsync(List<StoredResource> found, AccessGrant grant, CancellationToken cancellationToken)
    {
        var known = found.Select(r => (r.Type, r.Id)).ToHashSet();
        var wanted = found.SelectMany(r => LocalReferences.In(JsonElement.Parse(r.Doc.Span))).Where(r => !known.Contains(r) && (PatientCompartment.IsDirectory(r.Type) || !PatientCompartment.Contains(r.Type)))
            .Distinct().GroupBy(r => r.Type, r => r.Id, StringComparer.Ordinal);
        var others = new List<StoredResource>();
        foreach (var ofType in wanted.Where(g => ResourceTables.Has(g.Key) && grant.For(g.Key, Interactions.Search, Enforcement.All) is not TypeAccess.Denied))
        {
            foreach (var ids in ofType.Chunk(200))
            {
                var (_, plan, _) = PlannedSearch.Of(ofType.Key, [new("_id", string.Join(',', ids))], grant, clock, query => query with { Count = ids.Length });
                others.AddRange(plan is null ? [] : (await executor.ExecuteAsync(plan, cancellationToken)).Matches);
            }
        }
        return others;
    }
}

/// <summary>What a page of <c>$everything</c> goes on from.</summary>
/// <param name="Types">Only these; empty for all.</param>
/// <param name="Start">Care from this date on.</param>
/// <param name="End">Care up to this date.</param>
/// <param name="Since">Only what was changed since.</param>
/// <param name="Count">Resources a page.</param>
/// <param name="Ordinal">The search that the page begins with.</param>
/// <param name="Cursor">Where in that search.</param>
internal sealed record EverythingState(string[] Types, string? Start, string? End, string? Since, int Count, int Ordinal, PageCursor? Cursor)
{
    /// <summary>The search parameters that narrow a type to the dates asked for. A type without a date of care is not narrowed by one, and neither is the person.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Limits(string type)
    {
        var limits = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        if (Since is not null)
        {
            limits.Add(new("_lastUpdated", "ge" + Since));
        }
        if (MainDate.Of(type) is { } date && date != "birthdate")
        {
            if (Start is not null)
            {
                limits.Add(new(date, "ge" + Start));
            }
            if (End is not null)
            {
                limits.Add(new(date, "le" + End));
            }
        }
        return limits.ToImmutable();
    }
}
