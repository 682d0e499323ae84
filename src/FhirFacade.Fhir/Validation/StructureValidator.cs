using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Validation;

/// <summary>Checks a resource against the base definitions of R4.</summary>
public static class StructureValidator
{
    /// <summary>After so many issues the rest is not looked for; the last one says so.</summary>
    public const int MaxIssues = 200;

    /// <summary>
    /// Everything that is wrong with the resource's structure: unknown elements, kinds of JSON value, cardinality, choices,
    /// formats of primitives, codes of required bindings, reference targets, nulls and empty things. Each issue has a
    /// FHIRPath location and never a value. Empty where all is well. What <see cref="Json.ResourceParser"/> refuses
    /// (duplicate keys, broken texts) is taken as already refused.
    /// </summary>
    public static ImmutableArray<Issue> Validate(JsonElement resource)
    {
        var walk = new StructureWalk(R4.Definitions, resource);
        walk.Resource(resource);
        return walk.Issues.ToImmutable();
    }

    /// <summary>Whether <see cref="Validate"/> finds nothing and no object has a key twice, for JSON in which nobody has looked for such keys.</summary>
    public static bool IsSound(JsonElement resource)
    {
        var walk = new StructureWalk(R4.Definitions, resource);
        walk.Resource(resource);
        return walk.Issues.Count == 0 && !walk.HasRepeatedKeys;
    }
}
