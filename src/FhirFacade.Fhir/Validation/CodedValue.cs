using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Terminology;

namespace FhirFacade.Fhir.Validation;

/// <summary>Whether a coded element keeps its binding.</summary>
internal static class CodedValue
{
    /// <summary>Whether one of its codes is in the value set; null where that cannot be decided or the type has no codes.</summary>
    /// <param name="node">The element.</param>
    /// <param name="valueSet">The value set that it is bound to.</param>
    /// <param name="terminology">What is at hand.</param>
    /// <param name="hasCode">Whether there is a code at all.</param>
    public static bool? IsIn(InstanceNode node, string valueSet, TerminologySet terminology, out bool hasCode)
    {
        hasCode = false;
        switch (node.Type.Name)
        {
            case "CodeableConcept":
                bool? result = false;
                foreach (var coding in node.Json.Items("coding"))
                {
                    if (coding.Text("code") is not null)
                    {
                        hasCode = true;
                        result |= IsIn(coding, valueSet, terminology);
                    }
                }

                return result;
            case "Coding" or "Quantity":
                hasCode = node.Json.Text("code") is not null;
                return hasCode ? IsIn(node.Json, valueSet, terminology) : false;
            case "code" or "string" or "uri":
                hasCode = node.Json.ValueKind == JsonValueKind.String;
                return hasCode ? terminology.Contains(valueSet, null, node.Json.GetString()!) : null;
            default:
                return null;
        }
    }

    private static bool? IsIn(JsonElement coding, string valueSet, TerminologySet terminology) =>
        terminology.Contains(valueSet, coding.Text("system") ?? "", coding.Text("code")!);
}
