using System.Text.Json;

namespace FhirFacade.Fhir.Definitions;

/// <summary>Reads ElementDefinition.binding, and what the files of conformance make of it.</summary>
public static class BindingReader
{
    private const string MaxValueSet = "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet";

    /// <summary>The binding of an ElementDefinition; null where there is none, or only an example.</summary>
    public static Binding? Read(JsonElement definition)
    {
        var json = definition.Part("binding");
        return Strength(json.Text("strength")) is { } strength && json.Text("valueSet") is { } valueSet
            ? new Binding(strength, JsonReading.WithoutVersion(valueSet)) { MaxValueSet = Max(json) }
            : null;
    }

    /// <summary>The text of a binding in types.tsv: strength, value set, and a wider one if there is one.</summary>
    public static string Write(Binding binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        return $"{Name(binding.Strength)} {binding.ValueSet} {binding.MaxValueSet}".TrimEnd();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    internal static Binding Read(string text)
    {
        var parts = text.Split(' ');
        return new Binding(Strength(parts[0]) ?? throw new InvalidDataException("unknown strength of a binding"), parts[1]) { MaxValueSet = parts.ElementAtOrDefault(2) };
    }

    /// <summary>The code of a strength.</summary>
    internal static string Name(BindingStrength strength) => strength switch
    {
        BindingStrength.Required => "required",
        BindingStrength.Extensible => "extensible",
        _ => "preferred",
    };

    private static BindingStrength? Strength(string? code) => code switch
    {
        "required" => BindingStrength.Required,
        "extensible" => BindingStrength.Extensible,
        "preferred" => BindingStrength.Preferred,
        _ => null,
    };

    // As an extension in resources, under a name of its own in the files.
    private static string? Max(JsonElement binding) =>
        (binding.Text("maxValueSet") ?? binding.Items("extension").Where(extension => extension.Text("url") == MaxValueSet)
            .Select(extension => extension.Text("valueCanonical") ?? extension.Text("valueUri")).FirstOrDefault()) is { } url ? JsonReading.WithoutVersion(url) : null;
}
