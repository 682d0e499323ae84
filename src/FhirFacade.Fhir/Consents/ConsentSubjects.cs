using System.Collections.Concurrent;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Fhir.Consents;

/// <summary>Which resource types a patient's consent can speak of: those that are a patient's, or can name one.</summary>
public static class ConsentSubjects
{
    private static readonly ConcurrentDictionary<string, IReadOnlyList<string>> Known = new(StringComparer.Ordinal);

    /// <summary>Whether resources of the type may be about a patient. The directory (who works where) is not.</summary>
    public static bool Has(string resourceType) =>
        !PatientCompartment.IsDirectory(resourceType) && (PatientCompartment.Contains(resourceType) || Parameters(resourceType).Count > 0);

    /// <summary>The search parameters of R4 by which a resource of the type can name a patient.</summary>
    public static IReadOnlyList<string> Parameters(string resourceType) => Known.GetOrAdd(resourceType, static type =>
        [.. SearchParameterSet.BuiltIn.For(type).Where(p => p.Type == SearchParameterType.Reference && p.Targets.Contains("Patient")).Select(p => p.Code).Distinct(StringComparer.Ordinal)]);
}
