namespace FhirFacade.GuideCheck;

/// <summary>A row of the guide that has a FHIR target.</summary>
/// <param name="Key">What names it in our files: kind, file, v2 identifier and target, and a number where those repeat.</param>
/// <param name="Kind">messages, segments, datatypes or codes.</param>
/// <param name="File">The file's name without extension, such as <c>PID[Patient]</c>.</param>
/// <param name="Source">Field, component, code, or segment in its group.</param>
/// <param name="Target">Element, FHIR code or resource.</param>
public sealed record GuideRow(string Key, string Kind, string File, string Source, string Target)
{
    /// <summary>The v2 type of the field or component; empty where the guide has none.</summary>
    public string Type { get; init; } = "";

    /// <summary>The condition as the guide writes it.</summary>
    public string Condition { get; init; } = "";

    /// <summary>The concept map of a segment's row, the segment map of a message's row.</summary>
    public string Map { get; init; } = "";

    /// <summary>The constant that the row assigns, without its quotes; empty if it assigns none.</summary>
    public string Constant { get; init; } = "";
}
