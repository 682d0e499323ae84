namespace FhirFacade.Fhir.Definitions;

internal static class DefinitionFiles
{
    public static DefinitionSet Load() => new([], []);
}
