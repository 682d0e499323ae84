using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FhirFacade.Fhir.Outcomes;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Operations;

/// <summary>The parameters of an operation (R4 operations.html): from the address, from a Parameters resource, or a resource alone in the body.</summary>
internal sealed class OperationInput
{
    private readonly IReadOnlyList<KeyValuePair<string, string>> query;
    private readonly ImmutableArray<JsonElement> parts;

    private OperationInput(IReadOnlyList<KeyValuePair<string, string>> query, ImmutableArray<JsonElement> parts, JsonElement body) =>
        (this.query, this.parts, Body) = (query, parts, body);

    /// <summary>The resource in the body, if it is not a Parameters resource; else undefined.</summary>
    public JsonElement Body { get; }

    /// <summary>Reads the request; 400, 413 or 415 for a body that cannot be read.</summary>
    public static async Task<(OperationInput? Input, Refusal? Refusal)> ReadAsync(HttpContext http, ContentCheck check)
    {
        var query = Parameters.Of(http.Request);
        if (Parameters.Check(query) is { } tooMany)
        {
            return (null, tooMany);
        }
        if (!HttpMethods.IsPost(http.Request.Method) || http.Request.ContentLength is null or 0 && http.Request.ContentType is null)
        {
            return (new OperationInput(query, [], default), null);
        }
        var (body, refusal) = await RequestBody.ReadAnyAsync(http, check.BundleLimits);
        if (refusal is not null)
        {
            return (null, refusal);
        }
        var isParameters = body.GetProperty("resourceType").ValueEquals("Parameters");
        return (new OperationInput(
            query,
            isParameters && body.TryGetProperty("parameter", out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Where(p => p.ValueKind == JsonValueKind.Object)] : [],
            isParameters ? default : body), null);
    }

    /// <summary>The names of all parameters that came, each once.</summary>
    public IEnumerable<string> Names => query.Select(p => p.Key).Concat(parts.Select(NameOf).OfType<string>()).Distinct(StringComparer.Ordinal);

    /// <summary>The value of a parameter as text; null if it is not there. Of several the first.</summary>
    public string? Text(string name) => Texts(name).FirstOrDefault();

    /// <summary>All values of a parameter as text.</summary>
    public IEnumerable<string> Texts(string name) => query.Where(p => p.Key == name).Select(p => p.Value)
        .Concat(parts.Where(p => NameOf(p) == name).SelectMany(Values).Where(v => v.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            .Select(v => v.ValueKind == JsonValueKind.String ? v.GetString()! : v.GetRawText()));

    /// <summary>A parameter that is a resource; undefined if it is not there.</summary>
    public JsonElement Resource(string name) => parts.Where(p => NameOf(p) == name).Select(p => p.TryGetProperty("resource", out var resource) ? resource : default)
        .FirstOrDefault(r => r.ValueKind == JsonValueKind.Object);

    /// <summary>A parameter that is an object, such as a Coding or Meta; undefined if it is not there.</summary>
    public JsonElement Object(string name) => parts.Where(p => NameOf(p) == name).SelectMany(Values).FirstOrDefault(v => v.ValueKind == JsonValueKind.Object);

    /// <summary>A whole number of at least <paramref name="least"/>; the default if it is not there, 400 for anything else.</summary>
    public (int Value, Refusal? Refusal) Number(string name, int otherwise, int least = 0) =>
        Text(name) is not { } text ? (otherwise, null)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? (number, null)
        : (0, Refusal.BadRequest($"{name} has a value of the wrong form", IssueType.Value));

    private static string? NameOf(JsonElement parameter) => parameter.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;

    private static IEnumerable<JsonElement> Values(JsonElement parameter) =>
        parameter.EnumerateObject().Where(p => p.Name.StartsWith("value", StringComparison.Ordinal)).Select(p => p.Value);
}
