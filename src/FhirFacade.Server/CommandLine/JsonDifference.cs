using System.Text.Json.Nodes;

namespace FhirFacade.Server.CommandLine;

/// <summary>A place at which two resources differ.</summary>
/// <param name="Location">FHIRPath, such as <c>Patient.name[0].family</c>.</param>
/// <param name="Expected">What should stand there; null for nothing.</param>
/// <param name="Found">What stands there; null for nothing.</param>
internal sealed record JsonDifference(string Location, JsonNode? Expected, JsonNode? Found)
{
    /// <summary>In one line; the values only if they may be seen.</summary>
    public string Describe(bool showPhi)
    {
        var kind = Expected is null ? "is not expected" : Found is null ? "is missing" : "differs";
        return showPhi ? $"{Location} {kind}: expected {Expected?.ToJsonString() ?? "nothing"}, found {Found?.ToJsonString() ?? "nothing"}" : $"{Location} {kind}";
    }

    /// <summary>The innermost differences.</summary>
    public static IEnumerable<JsonDifference> Between(JsonNode? expected, JsonNode? found, string location)
    {
        if (JsonNode.DeepEquals(expected, found))
        {
            return [];
        }

        return (expected, found) switch
        {
            (JsonObject one, JsonObject other) => one.Select(static p => p.Key).Union(other.Select(static p => p.Key), StringComparer.Ordinal)
                .SelectMany(name => Between(one[name], other[name], $"{location}.{name}")),
            (JsonArray one, JsonArray other) => Enumerable.Range(0, Math.Max(one.Count, other.Count))
                .SelectMany(i => Between(i < one.Count ? one[i] : null, i < other.Count ? other[i] : null, FormattableString.Invariant($"{location}[{i}]"))),
            _ => [new(location, expected, found)],
        };
    }
}
