using System.Text.Json;

namespace FhirFacade.Fhir.Patch;

/// <summary>One parameter of a FHIRPath Patch, which is structurally valid.</summary>
internal readonly struct PatchOperation(JsonElement parameter)
{
    /// <summary>Whether the parameter is an operation at all.</summary>
    public bool IsOperation => parameter.TryGetProperty("name"u8, out var name) && name.ValueEquals("operation"u8);

    /// <summary>add, insert, delete, replace or move.</summary>
    public string? Type => Text("type");

    /// <summary>The FHIRPath of the element.</summary>
    public string? Path => Text("path");

    /// <summary>The name of the element that is added.</summary>
    public string? Name => Text("name");

    /// <summary>Where to insert.</summary>
    public int? Index => Number("index");

    /// <summary>Where to move from.</summary>
    public int? Source => Number("source");

    /// <summary>Where to move to.</summary>
    public int? Destination => Number("destination");

    /// <summary>The part that holds the value; undefined where there is none.</summary>
    public JsonElement Value => Part("value");

    private JsonElement Part(string name)
    {
        if (parameter.TryGetProperty("part"u8, out var parts))
        {
            foreach (var part in parts.EnumerateArray())
            {
                if (part.TryGetProperty("name"u8, out var found) && found.ValueEquals(name))
                {
                    return part;
                }
            }
        }

        return default;
    }

    // Senders disagree on valueCode and valueString.
    private string? Text(string name)
    {
        var part = Part(name);
        return part.ValueKind == JsonValueKind.Object
            && (part.TryGetProperty("valueString"u8, out var value) || part.TryGetProperty("valueCode"u8, out value))
                ? value.GetString()
                : null;
    }

    private int? Number(string name)
    {
        var part = Part(name);
        return part.ValueKind == JsonValueKind.Object
            && (part.TryGetProperty("valueInteger"u8, out var value) || part.TryGetProperty("valueUnsignedInt"u8, out value) || part.TryGetProperty("valuePositiveInt"u8, out value))
            && value.TryGetInt32(out var number)
                ? number
                : null;
    }
}
