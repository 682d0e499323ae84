using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Outcomes;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>One entry of a batch or transaction.</summary>
/// <param name="Index">Its place in the Bundle, from 0.</param>
/// <param name="FullUrl">How the other entries refer to it; null for none.</param>
/// <param name="Method">GET, HEAD, POST, PUT, PATCH or DELETE.</param>
/// <param name="Url">Path and query relative to the base, without a leading slash.</param>
/// <param name="Resource">What it brings; undefined for nothing.</param>
/// <param name="Request">Its <c>request</c>, for the conditions.</param>
internal sealed record BundleRequest(int Index, string? FullUrl, string Method, string Url, JsonElement Resource, JsonElement Request)
{
    /// <summary>Whether it brings a resource.</summary>
    public bool HasResource => Resource.ValueKind == JsonValueKind.Object;

    /// <summary>One of the conditions in the request, such as <c>ifMatch</c>; null if it is not there.</summary>
    public string? Header(string name) => Text(Request, name);

    /// <summary>The entries of a Bundle; 400 for one that does not say what it asks for, 413 for too many.</summary>
    public static (ImmutableArray<BundleRequest> Entries, Refusal? Refusal) Read(JsonElement bundle, string fhirBase, int limit)
    {
        var entries = ImmutableArray.CreateBuilder<BundleRequest>();
        if (!bundle.TryGetProperty("entry", out var array) || array.ValueKind != JsonValueKind.Array)
        {
            return ([], null);
        }
        if (array.GetArrayLength() > limit)
        {
            return ([], Refusal.One(StatusCodes.Status413PayloadTooLarge, IssueType.TooCostly, $"a Bundle may have at most {limit} entries"));
        }
        foreach (var entry in array.EnumerateArray())
        {
            var index = entries.Count;
            if (!entry.TryGetProperty("request", out var request) || Text(request, "method") is not { } method || Text(request, "url") is not { } url)
            {
                return ([], Wrong(index, "has no request with method and url"));
            }
            url = (url.StartsWith(fhirBase + "/", StringComparison.Ordinal) ? url[(fhirBase.Length + 1)..] : url).TrimStart('/');
            if (url.Length == 0 || url[0] == '?' || url.Contains("://", StringComparison.Ordinal) && !url.Contains('?', StringComparison.Ordinal))
            {
                return ([], Wrong(index, "has a url that is not below the base of this server"));
            }
            entry.TryGetProperty("resource", out var resource);
            if (method is not ("GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE"))
            {
                return ([], Wrong(index, "has a method that is none of HTTPVerb"));
            }
            entries.Add(new BundleRequest(index, Text(entry, "fullUrl"), method, url, resource, request));
        }
        return (entries.ToImmutable(), null);
    }

    /// <summary>A refusal that names the entry.</summary>
    public Refusal Refuse(Refusal refusal) => refusal with { Issues = [.. refusal.Issues.Select(Locate)] };

    private Issue Locate(Issue issue)
    {
        var place = $"Bundle.entry[{Index}]";
        var dot = issue.Expression?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        return issue with { Expression = issue.Expression is null ? place : dot < 0 ? $"{place}.resource" : $"{place}.resource{issue.Expression[dot..]}" };
    }

    private static Refusal Wrong(int index, string what) =>
        new(StatusCodes.Status400BadRequest, [Issue.Error(IssueType.Invalid, $"the entry {what}", $"Bundle.entry[{index}]")]);

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
