using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Server.Rest.Operations;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Terminologies;

/// <summary>What the terminology operations have in common: which resource is asked about, and which codes.</summary>
internal sealed class TerminologyQuestion(ResourceReader resources, TerminologySources sources)
{
    private const string Unnamed = "urn:fhirfacade:given";

    /// <summary>
    /// The value set, code system or concept map that is asked about: in the address, in the body, or by its url; with the terminology that answers for it.
    /// </summary>
    /// <param name="operation">The request.</param>
    /// <param name="type">What it has to be.</param>
    /// <param name="inBody">The parameter that may bring it, such as <c>valueSet</c>.</param>
    /// <param name="url">The parameter that may name it.</param>
    /// <returns>Its url among the terminology; null where the request says nothing of it. Or why it cannot be asked about.</returns>
    public async Task<(TerminologySet? Terminology, string? Url, Refusal? Refusal)> AboutAsync(Operation operation, string type, string inBody, string url = "url")
    {
        var grant = operation.Grant;
        var sent = operation.Input.Resource(inBody);
        sent = sent.ValueKind == JsonValueKind.Undefined ? operation.Input.Body : sent;
        if (operation.Http.Request.RouteValues["id"] is string id)
        {
            if (Address.Refuse(type, grant, Interactions.Read) is { } closed)
            {
                return (null, null, closed);
            }
            if (await resources.ReadAsync(type, id, grant, operation.Http.RequestAborted) is not ReadOutcome.Found(var stored))
            {
                return (null, null, Refusal.NotFound());
            }
            sent = JsonElement.Parse(stored.Doc.Span);
        }
        if (sent.ValueKind == JsonValueKind.Object)
        {
            return TerminologySources.Read(sent, Unnamed) is { } given && UrlOf(given, type) is { } own
                ? (await sources.WithAsync([], grant, operation.Http.RequestAborted, given), own, null)
                : (null, null, Refusal.BadRequest($"the {type} cannot be read", IssueType.Structure));
        }
        if (operation.Input.Text(url) is not { } wanted)
        {
            return (await sources.WithAsync([], grant, operation.Http.RequestAborted), null, null);
        }
        wanted = operation.Input.Text("valueSetVersion") is { } version && type == "ValueSet" && !wanted.Contains('|', StringComparison.Ordinal) ? $"{wanted}|{version}" : wanted;
        return (await sources.WithAsync([new TerminologyLink(type, wanted)], grant, operation.Http.RequestAborted), wanted, null);
    }

    /// <summary>The terminology that answers for a code system.</summary>
    public Task<TerminologySet> WithSystemAsync(Operation operation, string system) =>
        sources.WithAsync([new TerminologyLink("CodeSystem", system)], operation.Grant, operation.Http.RequestAborted);

    /// <summary>The codes that are asked about: one by its parts, one as a Coding, or all of a CodeableConcept.</summary>
    public static IReadOnlyList<AskedCode> Codes(Operation operation, string coding = "coding", string system = "system", string code = "code")
    {
        var one = operation.Input.Object(coding);
        if (one.ValueKind == JsonValueKind.Object)
        {
            return Of(one) is { } asked ? [asked with { System = asked.System ?? operation.Input.Text(system) }] : [];
        }
        var concept = operation.Input.Object("codeableConcept");
        if (concept.ValueKind == JsonValueKind.Object && concept.TryGetProperty("coding", out var codings) && codings.ValueKind == JsonValueKind.Array)
        {
            return [.. codings.EnumerateArray().Select(Of).OfType<AskedCode>()];
        }
        return operation.Input.Text(code) is { } plain ? [new(operation.Input.Text(system), plain, operation.Input.Text("display"))] : [];
    }

    /// <summary>404: it is neither everybody's nor stored and open to the caller.</summary>
    public static Refusal Unknown(string what) => Refusal.One(StatusCodes.Status404NotFound, IssueType.NotFound, $"{what} is not at hand");

    private static string? UrlOf(object resource, string type) => (resource, type) switch
    {
        (ValueSet set, "ValueSet") => set.Url,
        (CodeSystem system, "CodeSystem") => system.Url,
        (ConceptMap map, "ConceptMap") => map.Url,
        _ => null,
    };

    private static AskedCode? Of(JsonElement coding) => Text(coding, "code") is { } code ? new(Text(coding, "system"), code, Text(coding, "display")) : null;

    private static string? Text(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}

/// <summary>A code that is asked about.</summary>
/// <param name="System">Its system; null where none is named.</param>
/// <param name="Code">The code.</param>
/// <param name="Display">The name it is given; null for none.</param>
internal sealed record AskedCode(string? System, string Code, string? Display);
