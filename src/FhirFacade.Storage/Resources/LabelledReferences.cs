using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Sensitivity;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// The references by which a resource shares what another says, and so its labels: a report and its results, a stay and its diagnoses, a prescription and its medicine. With the
/// search parameters by which whoever refers to it is found.
/// </summary>
internal static class LabelledReferences
{
    private static readonly Dictionary<string, (string Element, string? Parameter)[]> Elements = new(StringComparer.Ordinal)
    {
        ["CarePlan"] = [("addresses", "condition")],
        ["Composition"] = [("section", "entry")],
        ["DiagnosticReport"] = [("result", "result")],
        ["DocumentReference"] = [("context", "related")],
        ["Encounter"] = [("diagnosis", "diagnosis"), ("reasonReference", "reason-reference")],
        ["EpisodeOfCare"] = [("diagnosis", "condition")],
        ["Medication"] = [("ingredient", "ingredient")],
        ["MedicationAdministration"] = [("medicationReference", "medication"), ("reasonReference", null)],
        ["MedicationDispense"] = [("medicationReference", "medication")],
        ["MedicationRequest"] = [("medicationReference", "medication"), ("reasonReference", null)],
        ["MedicationStatement"] = [("medicationReference", "medication"), ("reasonReference", null)],
        ["Observation"] = [("hasMember", "has-member"), ("derivedFrom", "derived-from")],
        ["Procedure"] = [("reasonReference", "reason-reference")],
        ["ServiceRequest"] = [("reasonReference", null)],
    };

    /// <summary>Who may refer to another resource in a way that passes labels on: types, and the parameters of the reference.</summary>
    public static IEnumerable<(string Type, string Parameter)> Referrers =>
        Elements.SelectMany(type => type.Value.Where(element => element.Parameter is not null).Select(element => (type.Key, element.Parameter!)));

    /// <summary>Whether resources of the type share labels of others.</summary>
    public static bool Has(string type) => Elements.ContainsKey(type);

    /// <summary>The resources whose labels one shares; each once.</summary>
    public static IReadOnlyCollection<(string Type, string Id)> In(string type, ReadOnlySpan<byte> resource)
    {
        if (!Elements.TryGetValue(type, out var elements) || !IsAny(elements, resource))
        {
            return [];
        }

        var reader = new Utf8JsonReader(resource);
        using var document = JsonDocument.ParseValue(ref reader);
        var found = new HashSet<(string, string)>();
        foreach (var (element, _) in elements)
        {
            if (document.RootElement.TryGetProperty(element, out var value))
            {
                Collect(value, found);
            }
        }

        return found;
    }

    /// <summary>Whether a resource may refer to others so, by its bytes: most do not.</summary>
    public static bool MayBeIn(string type, UnstampedResource resource) => Elements.TryGetValue(type, out var elements) && elements.Any(element => resource.Holds($"\"{element.Element}\""));

    // Most have none of them: their JSON is not read.
    private static bool IsAny((string Element, string? Parameter)[] elements, ReadOnlySpan<byte> resource)
    {
        Span<byte> name = stackalloc byte[64];
        foreach (var (element, _) in elements)
        {
            if (resource.IndexOf(name[..Encoding.ASCII.GetBytes($"\"{element}\"", name)]) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static void Collect(JsonElement value, HashSet<(string, string)> found)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Collect(item, found);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    if (property.Value.ValueKind == JsonValueKind.String)
                    {
                        if (property.NameEquals("reference"u8) && property.Value.GetString()!.Split('/') is [var type, var id, ..] && SensitivityRules.IsLabelled(type))
                        {
                            found.Add((type, id));
                        }
                    }
                    else
                    {
                        Collect(property.Value, found);
                    }
                }

                break;
        }
    }
}
