using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Server.Rest;

/// <summary>
/// A search that names the one resource to be written (R4 http.html, conditional create, update, patch, delete). It is planned with the
/// client's grant like every other search, so that it finds nothing that the client could not find by searching.
/// </summary>
/// <param name="Type">What is searched.</param>
/// <param name="Claim">The same text for the same condition: what transactions that share it wait for.</param>
/// <param name="Plan">The search, with the grant inside it.</param>
internal sealed record Condition(string Type, string Claim, SearchPlan Plan)
{
    /// <summary>Reads the condition; 400 for one that cannot be used or says nothing, 403 where the grant does not open searching.</summary>
    public static (Condition? Condition, Refusal? Refusal) Read(string type, IReadOnlyList<KeyValuePair<string, string>> parameters, AccessGrant grant, TimeProvider clock, TerminologySet? terminology)
    {
        KeyValuePair<string, string>[] criteria = [.. parameters.Where(p => p.Key is not ("_format" or "_pretty" or "_summary" or "_elements"))];
        var (query, plan, refusal) = PlannedSearch.Of(type, criteria, grant, clock, query => query with { Count = 2, Total = TotalMode.None, Sort = [], Includes = [], RevIncludes = [] }, terminology: terminology);
        if (refusal is null && query!.Criteria.IsEmpty)
        {
            refusal = Refusal.BadRequest("a condition needs at least one search parameter", IssueType.Required);
        }
        var text = string.Join('&', criteria.Select(p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal));
        return refusal is null ? (new Condition(type, $"{type}?{text}", plan!), null) : (null, refusal);
    }

    /// <summary>The resource that it names, or null if there is none; 412 if there are several.</summary>
    public async Task<(StoredResource? Match, Refusal? Refusal)> FindAsync(WriteSession session, CancellationToken cancellationToken)
    {
        var matches = (await session.FindAsync(Plan, cancellationToken)).Matches;
        return matches.Length > 1 ? (null, Refusal.SeveralMatches()) : (matches.FirstOrDefault(), null);
    }
}
