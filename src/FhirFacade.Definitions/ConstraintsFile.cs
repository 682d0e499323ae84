using System.Text.Json;

namespace FhirFacade.Definitions;

/// <summary>constraints.tsv: path, key, severity, FHIRPath expression; each where it is defined, not where it is inherited.</summary>
internal static class ConstraintsFile
{
    public static IEnumerable<string> Lines(IReadOnlyList<Structure> structures) =>
        from structure in structures
        from element in structure.Elements.Prepend(structure.Root)
        from constraint in element.Items("constraint")
        where IsOwn(structure, constraint)
        select string.Join('\t', element.Text("path"), constraint.Text("key"), constraint.Text("severity"), OneLine(constraint.Text("expression") ?? ""));

    // ele-1 stands on every element of the package; ext-1 on every extension.
    private static bool IsOwn(Structure structure, JsonElement constraint) =>
        (constraint.Text("source") is null || constraint.Text("source") == structure.Url)
        && !StructureReader.AddedConstraints.Contains(constraint.Text("key")!)
        && (constraint.Text("key") != "ele-1" || structure.Name == "Element")
        && (constraint.Text("key") != "ext-1" || structure.Name == "Extension");

    private static string OneLine(string expression) => string.Join(' ', expression.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
}
