using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Validation;

/// <summary>Required bindings of coded types; those of primitives are checked with their format.</summary>
internal sealed partial class StructureWalk
{
    private void Binding(JsonElement value, ElementMatch match)
    {
        if (match.Element.Binding is not { Strength: BindingStrength.Required } binding || definitions.ValueSet(binding.ValueSet) is not { } codes)
        {
            return;
        }

        var isCoded = match.TypeName switch
        {
            "CodeableConcept" => !value.TryGetProperty("coding"u8, out var codings) || codings.ValueKind != JsonValueKind.Array || codings.EnumerateArray().Any(coding => IsIn(codes, coding)),
            "Coding" or "Quantity" => IsIn(codes, value),
            _ => true,
        };
        if (!isCoded)
        {
            Report(IssueType.CodeInvalid, $"No code is in the required value set {binding.ValueSet}.");
        }
    }

    // What has no code at all is for the element's own rules to judge.
    private static bool IsIn(ValueSetCodes codes, JsonElement coding) =>
        coding.ValueKind != JsonValueKind.Object
        || !coding.TryGetProperty("code"u8, out var code) || code.ValueKind != JsonValueKind.String
        || (coding.TryGetProperty("system"u8, out var system) && system.ValueKind == JsonValueKind.String
            ? codes.Contains(system.GetString()!, code.GetString()!)
            : codes.Contains(code.GetString()!));
}
