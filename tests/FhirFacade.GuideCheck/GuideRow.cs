namespace FhirFacade.GuideCheck;

/// <summary>A row of the guide that has a FHIR target.</summary>
/// <param name="Key">What names it in <c>not-carried.csv</c>: kind, file, v2 identifier and target, and a number where those repeat.</param>
/// <param name="Kind">messages, segments, datatypes or codes.</param>
/// <param name="File">The file's name without extension, such as <c>PID[Patient]</c>.</param>
/// <param name="Source">Field, component, code, or segment in its group.</param>
/// <param name="Target">Element, FHIR code or resource.</param>
public sealed record GuideRow(string Key, string Kind, string File, string Source, string Target);
