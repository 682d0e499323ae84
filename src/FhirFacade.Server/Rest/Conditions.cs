using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Server.Rest.Terminologies;

namespace FhirFacade.Server.Rest;

/// <summary>Reads conditions of writes: by the same terminology as searches, so that both find the same.</summary>
internal sealed class Conditions(TerminologySources terminology, TimeProvider clock)
{
    /// <summary>As <see cref="Condition.Read"/>, with what is stored and open to the grant of the value sets and code systems that are named.</summary>
    public async Task<(Condition? Condition, Refusal? Refusal)> ReadAsync(
        string type, IReadOnlyList<KeyValuePair<string, string>> parameters, AccessGrant grant, CancellationToken cancellationToken) =>
        Condition.Read(type, parameters, grant, clock, await terminology.OfSearchAsync(parameters, grant, cancellationToken));

    /// <summary>What several conditions and searches need to know; null for nothing.</summary>
    /// <param name="queries">What follows the question marks.</param>
    /// <param name="grant">Whose conditions they are.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<TerminologySet?> TermsOfAsync(IEnumerable<string> queries, AccessGrant grant, CancellationToken cancellationToken) =>
        terminology.OfSearchAsync(queries.SelectMany(query => Parameters.Read(query)), grant, cancellationToken);
}
