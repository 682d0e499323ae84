using System.Text.Json;
using System.Text.RegularExpressions;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Server.Rest.Terminologies;

namespace FhirFacade.Server.Rest;

/// <summary>Reads conditions of writes: by the same terminology as searches, so that both find the same.</summary>
internal sealed partial class Conditions(TerminologySources terminology, TimeProvider clock)
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

    /// <summary>What the paths of FHIRPath patches need to know: the value sets that they ask about by <c>memberOf</c>; null for nothing.</summary>
    /// <param name="patches">Parameters resources.</param>
    /// <param name="grant">Whose patches they are.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<TerminologySet?> TermsOfPathsAsync(IEnumerable<JsonElement> patches, AccessGrant grant, CancellationToken cancellationToken)
    {
        var links = LinksIn(patches).ToList();
        return links.Count == 0 ? null : await terminology.WithAsync(links, grant, cancellationToken);
    }

    /// <summary>The same for several conditions, searches and patches at once.</summary>
    public async Task<TerminologySet?> TermsOfAsync(IEnumerable<string> queries, IEnumerable<JsonElement> patches, AccessGrant grant, CancellationToken cancellationToken)
    {
        var links = TerminologyLink.In(queries.SelectMany(query => Parameters.Read(query))).Concat(LinksIn(patches)).ToList();
        return links.Count == 0 ? null : await terminology.WithAsync(links, grant, cancellationToken);
    }

    private static IEnumerable<TerminologyLink> LinksIn(IEnumerable<JsonElement> patches) =>
        patches.SelectMany(Texts).SelectMany(text => Memberships().Matches(text)).Select(match => new TerminologyLink("ValueSet", match.Groups["set"].Value));

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String when element.GetString() is { } text && text.Contains("memberOf", StringComparison.Ordinal) => [text],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Texts(property.Value)),
        _ => [],
    };

    [GeneratedRegex(@"memberOf\s*\(\s*'(?<set>[^'\\]+)'\s*\)")]
    private static partial Regex Memberships();
}
