using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FhirFacade.Fhir.Json;

/// <summary>
/// Where a walk through a resource stands; becomes a simple FHIRPath (<c>Patient.name[0].given[1]</c>,
/// <c>Observation.value.ofType(Quantity).code</c>) only when an issue is written.
/// </summary>
internal sealed class ElementLocation(string root)
{
    private readonly List<Step> _steps = [];
    private readonly List<JsonProperty> _properties = [];

    /// <summary>The location of a resource: its type, or <c>Resource</c> where it names none.</summary>
    public static ElementLocation Of(JsonElement resource) =>
        new(resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty("resourceType"u8, out var type)
            && type.ValueKind == JsonValueKind.String && type.GetString() is { } name && JsonNames.IsPlain(name) ? name : "Resource");

    /// <summary>Into an element of a known name, and of a type if it is a choice.</summary>
    public void Enter(string name, string? ofType = null) => _steps.Add(new(name, ofType, -1));

    /// <summary>Into a property of whatever name; an underscore and names that no element could have are left out.</summary>
    public void Enter(JsonProperty property)
    {
        _steps.Add(new(null, null, ~_properties.Count - 1));
        _properties.Add(property);
    }

    /// <summary>Into an item of an array, counted from 0.</summary>
    public void Enter(int index) => _steps.Add(new(null, null, index));

    /// <summary>Back to where the last Enter came from.</summary>
    public void Leave()
    {
        if (_steps[^1].Index < -1)
        {
            _properties.RemoveAt(_properties.Count - 1);
        }

        _steps.RemoveAt(_steps.Count - 1);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder(root);
        foreach (var step in _steps)
        {
            if (step.Index >= 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"[{step.Index}]");
            }
            else if (step.Name is not null)
            {
                text.Append('.').Append(step.Name);
            }
            else if (_properties[~(step.Index + 1)].Name is var name && JsonNames.IsPlain(name))
            {
                text.Append('.').Append(name.AsSpan(name[0] == '_' ? 1 : 0));
            }

            if (step.OfType is not null)
            {
                text.Append(".ofType(").Append(step.OfType).Append(')');
            }
        }

        return text.ToString();
    }

    // Index: from 0 an item of an array, -1 an element, below that a property: small, since every element of a resource makes one.
    private readonly record struct Step(string? Name, string? OfType, int Index);
}
