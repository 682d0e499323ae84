using System.Text.Json.Nodes;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Server.Rest.Operations;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Terminologies;

/// <summary><c>CodeSystem/$lookup</c> (R4 codesystem-operation-lookup.html).</summary>
internal sealed class Lookup(TerminologyQuestion question, ContentCheck check)
{
    /// <summary>200 with what is known of a code; 400, or 404 for a system or code that is not at hand.</summary>
    public Task HandleAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        if (TerminologyQuestion.Codes(operation) is not [{ System: { } system, Code: var code }])
        {
            return Refusal.BadRequest("the parameters system and code are needed", IssueType.Required);
        }
        var terminology = await question.WithSystemAsync(operation, system);
        if (terminology.Lookup(system, code) is not { } found)
        {
            return TerminologyQuestion.Unknown("the code");
        }
        string[] wanted = [.. operation.Input.Texts("property")];
        await OperationResponse.WriteAsync(http, OperationResponse.Parameters([
            OperationResponse.Part("name", "valueString", found.SystemName), OperationResponse.Part("version", "valueString", found.Version),
            OperationResponse.Part("display", "valueString", found.Concept.Display ?? code),
            .. found.Details.Designations.Select(Named),
            .. Properties(found).Where(property => wanted.Length == 0 || wanted.Contains(property.Code)).Select(Property)]), operation.Rendering);
        return null;
    });

    private static IEnumerable<ConceptProperty> Properties(ConceptLookup found) =>
    [
        .. found.Details.Parents.Select(parent => new ConceptProperty("parent", parent, "code")),
        .. found.Details.Children.Select(child => new ConceptProperty("child", child, "code")),
        .. found.Details.Definition is { } definition ? [new ConceptProperty("definition", definition, "string")] : Array.Empty<ConceptProperty>(),
        .. found.Details.Properties,
    ];

    private static JsonObject Property(ConceptProperty property) => new()
    {
        ["name"] = "property",
        ["part"] = new JsonArray(OperationResponse.Part("code", "valueCode", property.Code), property.Type switch
        {
            "boolean" => OperationResponse.Part("value", "valueBoolean", property.Value == "true"),
            "string" => OperationResponse.Part("value", "valueString", property.Value),
            "integer" => OperationResponse.Part("value", "valueInteger", JsonNode.Parse(property.Value)),
            "decimal" => OperationResponse.Part("value", "valueDecimal", JsonNode.Parse(property.Value)),
            "dateTime" => OperationResponse.Part("value", "valueDateTime", property.Value),
            _ => OperationResponse.Part("value", "valueCode", property.Value),
        }),
    };

    private static JsonObject Named(Designation designation)
    {
        var parts = new JsonArray();
        if (designation.Language is { } language)
        {
            parts.Add((JsonNode?)OperationResponse.Part("language", "valueCode", language));
        }
        if (designation.UseCode is { } use)
        {
            var coding = new JsonObject { ["code"] = use };
            if (designation.UseSystem is { } system)
            {
                coding["system"] = system;
            }
            parts.Add((JsonNode?)OperationResponse.Part("use", "valueCoding", coding));
        }
        parts.Add((JsonNode?)OperationResponse.Part("value", "valueString", designation.Value));
        return new JsonObject { ["name"] = "designation", ["part"] = parts };
    }
}
