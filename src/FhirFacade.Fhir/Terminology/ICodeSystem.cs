namespace FhirFacade.Fhir.Terminology;

/// <summary>
/// A code system that can answer for its codes: one that is listed in memory, one that is a grammar, or one that is kept
/// elsewhere (LOINC, SNOMED CT in a database). This is the whole seam: value sets, bindings, <c>memberOf()</c> and the operations
/// ask nothing else. Null always means that it cannot decide. Safe for any number of threads.
/// </summary>
public interface ICodeSystem
{
    /// <summary>Canonical url, without a version.</summary>
    string Url { get; }

    /// <summary>Its version, if it has one.</summary>
    string? Version { get; }

    /// <summary>Its name for people; null where it has none.</summary>
    string? Name => null;

    /// <summary>Every concept, in the order of the system; null where they cannot be listed.</summary>
    IEnumerable<Concept>? Concepts { get; }

    /// <summary>Whether the code is one of the system's.</summary>
    bool? Contains(string code);

    /// <summary>The concept of a code; null where there is none, or none is known.</summary>
    Concept? Find(string code);

    /// <summary>Whether a code is another or lies below it.</summary>
    bool? IsA(string code, string ancestor);

    /// <summary>Whether a code that the system contains passes a filter of a value set.</summary>
    bool? Passes(string code, ConceptFilter filter);

    /// <summary>
    /// Every concept that passes all filters, in the order of the system; null where they cannot be listed or a filter is not
    /// supported. A system that is kept elsewhere finds them by its own index; the default tries each.
    /// </summary>
    IEnumerable<Concept>? Select(IReadOnlyCollection<ConceptFilter> filters)
    {
        if (Concepts is not { } concepts)
        {
            return null;
        }

        var result = new List<Concept>();
        foreach (var concept in concepts)
        {
            switch (filters.Aggregate((bool?)true, (sofar, filter) => sofar == false ? false : sofar & Passes(concept.Code, filter)))
            {
                case null:
                    return null;
                case true:
                    result.Add(concept);
                    break;
            }
        }

        return result;
    }

    /// <summary>What else is known of a code: where it stands, its properties and further names; null where there is no such code.</summary>
    ConceptDetails? Details(string code) => Find(code) is null ? null : ConceptDetails.None;
}

/// <summary>One concept of a code system.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Display">Its name; null where none is known.</param>
/// <param name="IsAbstract">Whether it only groups others and is not for use in records.</param>
/// <param name="IsInactive">Whether it is no longer for use.</param>
public sealed record Concept(string Code, string? Display, bool IsAbstract = false, bool IsInactive = false);

/// <summary>ValueSet.compose.include.filter.</summary>
/// <param name="Property">The property, or <c>concept</c> for the hierarchy.</param>
/// <param name="Operator">A code of http://hl7.org/fhir/filter-operator.</param>
/// <param name="Value">What it is compared with.</param>
public sealed record ConceptFilter(string Property, string Operator, string Value);
