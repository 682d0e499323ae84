using System.Collections.Immutable;

namespace FhirFacade.Fhir.Definitions;

/// <summary>One element of a type, as the type's StructureDefinition has it.</summary>
/// <param name="Path">Where it is defined, such as <c>Patient.contact.name</c> or <c>Observation.value[x]</c>; inherited elements keep their origin's path (<c>Resource.id</c>).</param>
/// <param name="Name">The last part of the path without <c>[x]</c>.</param>
/// <param name="Min">Least number of repetitions.</param>
/// <param name="Max">Greatest number of repetitions; null where there is no limit.</param>
/// <param name="Types">
/// Type names as in <see cref="DefinitionSet.Type"/>: <c>string</c>, <c>Quantity</c>, <c>Reference</c>; for an element with
/// parts of its own the name of those parts' type, such as <c>Patient.contact</c>, also where a contentReference leads there.
/// </param>
/// <param name="IsChoice">Whether the JSON name carries the type (<c>value[x]</c>).</param>
public sealed record ElementDefinition(
    string Path,
    string Name,
    int Min,
    int? Max,
    ImmutableArray<string> Types,
    bool IsChoice)
{
    /// <summary>Whether JSON writes the element as an array.</summary>
    public bool IsArray => Max != 1;

    /// <summary>Resource types that a Reference may point at; empty where any may be.</summary>
    public ImmutableArray<string> ReferenceTargets { get; init; } = [];

    /// <summary>Resource types that a canonical may point at; empty where any may be.</summary>
    public ImmutableArray<string> CanonicalTargets { get; init; } = [];

    /// <summary>The value set of the element's codes, where it is bound as required or extensible.</summary>
    public Binding? Binding { get; init; }

    /// <summary>Whether the element can change the meaning of the others.</summary>
    public bool IsModifier { get; init; }

    /// <summary>Whether <c>_summary=true</c> shows the element.</summary>
    public bool IsSummary { get; init; }

    /// <summary>Rules of the element itself; those of its type are found there.</summary>
    public ImmutableArray<Constraint> Constraints { get; init; } = [];
}
