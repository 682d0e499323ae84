using FhirFacade.Fhir.Definitions;
using System.Text.Json;

namespace FhirFacade.Definitions;

/// <summary>
/// types.tsv. A type: <c>=name kind base [abstract]</c>. Below it its own elements: path within the type, cardinality,
/// types, flags (M modifier, S summary), binding; tab-separated, empty columns at the end left out.
/// </summary>
internal static class TypesFile
{
    private const string Definitions = "http://hl7.org/fhir/StructureDefinition/";

    public static IEnumerable<string> Lines(IReadOnlyList<Structure> structures)
    {
        foreach (var structure in structures)
        {
            yield return $"={structure.Name}\t{structure.Kind}\t{structure.Base}{(structure.IsAbstract ? "\tabstract" : "")}".TrimEnd();
            foreach (var element in structure.Elements)
            {
                yield return Line(structure.Name, element);
            }
        }
    }

    private static string Line(string type, JsonElement element)
    {
        var path = element.Text("path")!;
        var flags = (element.Flag("isModifier") ? "M" : "") + (element.Flag("isSummary") ? "S" : "");
        return string.Join('\t', path[(type.Length + 1)..], $"{element.GetProperty("min").GetInt32()}..{element.Text("max")}", Types(path, element), flags, Binding(element)).TrimEnd('\t');
    }

    private static string Types(string path, JsonElement element) =>
        element.Text("contentReference") is { } reference
            ? reference
            : string.Join(' ', element.Items("type").Select(type => Structure.TypeCode(path, type) + Targets(type)));

    private static string Targets(JsonElement type)
    {
        var targets = type.Texts("targetProfile").Select(target =>
            target.StartsWith(Definitions, StringComparison.Ordinal) ? target[Definitions.Length..] : throw new InvalidDataException("a target outside R4"));
        var list = string.Join('|', targets);
        return list.Length == 0 || list == "Resource" ? "" : $"({list})";
    }

    private static string Binding(JsonElement element) =>
        BindingReader.Read(element) is { } binding ? BindingReader.Write(binding) : "";
}
