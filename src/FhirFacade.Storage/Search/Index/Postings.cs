using System.Collections.Frozen;

namespace FhirFacade.Storage.Search.Index;

/// <summary>
/// The types whose codes have postings: a small table ordered by term and main date, so that the newest (or oldest) resources of a
/// code are found without regard to how many there are. All terms together would halve the speed of loading.
/// </summary>
public static class Postings
{
    /// <summary>The search parameter that is posted.</summary>
    public const string Parameter = "code";

    private static readonly FrozenSet<string> Types = FrozenSet.Create(
        StringComparer.Ordinal, "Observation", "Condition", "DiagnosticReport", "Procedure", "MedicationRequest", "ServiceRequest");

    /// <summary>Whether the type has a table of postings.</summary>
    public static bool Has(string resourceType) => Types.Contains(resourceType);
}
