using System.Text.Json;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Server.Rest;

/// <summary>One entry of a batch or transaction, as it lies in the body: what it brings is not parsed yet.</summary>
/// <param name="Index">Its place in the Bundle, from 0.</param>
/// <param name="FullUrl">How the other entries refer to it; null for none.</param>
/// <param name="Method">GET, HEAD, POST, PUT, PATCH or DELETE.</param>
/// <param name="Url">Path and query relative to the base, without a leading slash.</param>
/// <param name="Resource">What it brings, in JSON; empty for nothing.</param>
/// <param name="Conditions">What its <c>request</c> says besides.</param>
internal sealed record BundleRequest(int Index, string? FullUrl, string Method, string Url, ReadOnlyMemory<byte> Resource, RequestConditions Conditions)
{
    /// <summary>Whether it brings a resource.</summary>
    public bool HasResource => !Resource.IsEmpty;

    /// <summary>What it brings; refused where that cannot be read.</summary>
    public (JsonElement Resource, Refusal? Refusal) Read(ResourceLimits limits) => RequestBody.Parse(Resource, BodyFormat.Json, limits);

    /// <summary>A refusal that names the entry.</summary>
    public Refusal Refuse(Refusal refusal) => refusal with { Issues = [.. refusal.Issues.Select(Locate)] };

    private Issue Locate(Issue issue)
    {
        var place = $"Bundle.entry[{Index}]";
        var dot = issue.Expression?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        return issue with { Expression = issue.Expression is null ? place : dot < 0 ? $"{place}.resource" : $"{place}.resource{issue.Expression[dot..]}" };
    }
}

/// <summary>The conditions of an entry's <c>request</c>; null where they are not there.</summary>
internal sealed record RequestConditions(string? IfMatch, string? IfNoneMatch, string? IfModifiedSince, string? IfNoneExist)
{
    /// <summary>No condition.</summary>
    public static RequestConditions None { get; } = new(null, null, null, null);
}
