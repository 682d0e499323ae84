namespace FhirFacade.GuideCheck.Probes;

/// <summary>A field that has a data type, to try the map of that type with.</summary>
/// <param name="Map">The segment map whose message has the field.</param>
/// <param name="Field">Such as <c>PID-5</c>.</param>
/// <param name="Element">What the map's paths are relative to, such as <c>Patient.name</c>; or just a resource.</param>
/// <param name="Sample">A value with all components.</param>
public sealed record Carrier(string Map, string Field, string Element, string Sample);
