using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Render;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Search.Execute;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Operations;

/// <summary><c>DocumentReference/$docref</c> (US Core, docref operation): a patient's documents by type and period of care.</summary>
internal sealed class DocRef(SearchExecutor executor, SmartSettings settings, ContentCheck check, TimeProvider clock)
{
    private const int Most = 1000;

    /// <summary>200 with a searchset; 400, or 403.</summary>
    public Task HandleAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        if (Address.Refuse("DocumentReference", operation.Grant, Interactions.Search) is { } closed)
        {
            return closed;
        }
        if (operation.Input.Text("patient") is not { } patient)
        {
            return Refusal.BadRequest("the parameter patient is missing", IssueType.Required);
        }
        if (operation.Input.Text("on-demand") == "true")
        {
            return Refusal.BadRequest("no documents are made on demand", IssueType.NotSupported);
        }
        List<KeyValuePair<string, string>> criteria = [new("patient", patient)];
        foreach (var (name, parameter, prefix) in new[] { ("start", "period", "ge"), ("end", "period", "le"), ("type", "type", "") })
        {
            if (operation.Input.Text(name) is { } value)
            {
                criteria.Add(new(parameter, prefix + value));
            }
        }
        if (operation.Input.Object("type") is { ValueKind: System.Text.Json.JsonValueKind.Object } concept && concept.TryGetProperty("coding", out var codings))
        {
            criteria.Add(new("type", string.Join(',', codings.EnumerateArray().Select(c => $"{(c.TryGetProperty("system", out var s) ? s.GetString() : "")}|{(c.TryGetProperty("code", out var v) ? v.GetString() : "")}"))));
        }
        var (_, plan, refusal) = PlannedSearch.Of("DocumentReference", criteria, operation.Grant, clock, query => query with { Count = Most });
        if (refusal is not null)
        {
            return refusal;
        }
        var page = await executor.ExecuteAsync(plan!, http.RequestAborted);
        List<BundleLink> self = [new("self", $"{settings.FhirBase}/DocumentReference/$docref{http.Request.QueryString.Value}")];
        await BundleAnswer.WriteAsync(http, new Bundle("searchset", page.Matches.Length, self, page.Matches.Select(m => SearchEntry.Of(settings, m, "match"))), operation.Rendering, clock.GetUtcNow());
        return null;
    });
}
