using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>Types whose resources are parts of others of the same type, as wards are parts of a hospital.</summary>
internal static class Hierarchies
{
    /// <summary>The reference from the part to the whole; null where the type has none.</summary>
    public static SearchParameter? ParentOf(string type) =>
        Reference(type, "partof") ?? Reference(type, "part-of");

    private static SearchParameter? Reference(string type, string code) =>
        SearchParameterSet.Served.Find(type, code) is { Type: SearchParameterType.Reference } reference && reference.Targets.Contains(type) ? reference : null;
}
