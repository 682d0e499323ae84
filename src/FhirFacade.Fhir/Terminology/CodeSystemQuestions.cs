namespace FhirFacade.Fhir.Terminology;

/// <summary>What lookup tells of a code.</summary>
/// <param name="Concept">The concept.</param>
/// <param name="Version">The version of its code system.</param>
/// <param name="Details">Where it stands, its properties and further names.</param>
public sealed record ConceptLookup(Concept Concept, string? Version, ConceptDetails Details)
{
    /// <summary>The name of the code system; its url where it has none.</summary>
    public required string SystemName { get; init; }
}

/// <summary>http://hl7.org/fhir/concept-subsumption-outcome</summary>
public enum Subsumption
{
    /// <summary>Both are the same.</summary>
    Equivalent,

    /// <summary>The first contains the second.</summary>
    Subsumes,

    /// <summary>The first lies below the second.</summary>
    SubsumedBy,

    /// <summary>Neither contains the other.</summary>
    NotSubsumed,
}

/// <summary>lookup and subsumes (https://hl7.org/fhir/R4/codesystem-operations.html).</summary>
public static class CodeSystemQuestions
{
    /// <summary>What is known of a code; null where the system or the code is not known.</summary>
    public static ConceptLookup? Lookup(this TerminologySet terminology, string system, string code)
    {
        ArgumentNullException.ThrowIfNull(terminology);
        return terminology.CodeSystem(system) is { } codes && codes.Find(code) is { } concept
            ? new ConceptLookup(concept, codes.Version, codes.Details(code) ?? ConceptDetails.None) { SystemName = codes.Name ?? codes.Url }
            : null;
    }

    /// <summary>How two codes of a system relate; null where that cannot be decided.</summary>
    public static Subsumption? Subsumes(this TerminologySet terminology, string system, string codeA, string codeB)
    {
        ArgumentNullException.ThrowIfNull(terminology);
        if (terminology.CodeSystem(system) is not { } codes || codes.Contains(codeA) != true || codes.Contains(codeB) != true)
        {
            return null;
        }

        return (codes.IsA(codeB, codeA), codes.IsA(codeA, codeB)) switch
        {
            (true, true) => Subsumption.Equivalent,
            (true, _) => Subsumption.Subsumes,
            (_, true) => Subsumption.SubsumedBy,
            (false, false) => Subsumption.NotSubsumed,
            _ => null,
        };
    }
}
