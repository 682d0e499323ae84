namespace FhirFacade.Translation.Lineage;

/// <summary>One element and the field that made it.</summary>
/// <param name="Resource"><c>Type/id</c>.</param>
/// <param name="Element">Path inside the resource, as the map writes it.</param>
/// <param name="Field">Coordinate of the field, the repetition or the component.</param>
/// <param name="Map">The data type map that made it, such as <c>CxToIdentifier</c>.</param>
public sealed record LineageEntry(string Resource, string Element, string Field, string Map = "");
