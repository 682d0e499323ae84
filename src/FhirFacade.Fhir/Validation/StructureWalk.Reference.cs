using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Validation;

/// <summary>Where a Reference may point.</summary>
internal sealed partial class StructureWalk
{
    private void Reference(JsonElement value, ElementMatch match)
    {
        if (match.TypeName != "Reference")
        {
            return;
        }

        string? target = null;
        if (value.TryGetProperty("reference"u8, out var reference) && reference.ValueKind == JsonValueKind.String && reference.GetString() is { Length: > 0 } text)
        {
            _location.Enter("reference");
            target = text[0] == '#' ? ContainedType(text[1..]) : ReferenceTarget.TypeOf(text, definitions);
            _location.Leave();
        }

        var declared = value.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
        if (declared is not null && definitions.IsResourceType(declared))
        {
            if (target is not null && target != declared)
            {
                Report(IssueType.Value, "The reference leads to another type than it says.");
                return;
            }

            target = declared;
        }

        if (target is not null && match.Element.ReferenceTargets is { IsEmpty: false } allowed && !allowed.Contains(target))
        {
            Report(IssueType.Structure, $"The reference may lead to {string.Join(", ", allowed)} only.");
        }
    }

    /// <summary>The type of the contained resource, or null; "#" alone is the container itself.</summary>
    private string? ContainedType(string id)
    {
        var found = id.Length == 0 ? _container
            : _container.TryGetProperty("contained"u8, out var contained) && contained.ValueKind == JsonValueKind.Array
                ? contained.EnumerateArray().FirstOrDefault(item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("id"u8, out var own) && own.ValueKind == JsonValueKind.String && own.ValueEquals(id))
                : default;
        if (found.ValueKind == JsonValueKind.Undefined)
        {
            Report(IssueType.Invariant, "No contained resource has this id (ref-1).");
            return null;
        }

        return found.TryGetProperty("resourceType"u8, out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
    }
}
