using System.Collections.Immutable;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>One search parameter of R4: https://hl7.org/fhir/R4/searchparameter.html</summary>
/// <param name="Code">The name in the URL, such as <c>birthdate</c> or <c>_id</c>.</param>
/// <param name="Type">How values are written and matched.</param>
/// <param name="Bases">The resource types it is defined for; <c>Resource</c> and <c>DomainResource</c> stand for all.</param>
/// <param name="Expression">The FHIRPath that finds the values; empty where the definition has none.</param>
/// <param name="Targets">The types that a reference parameter may point to; empty for all others.</param>
/// <param name="Components">The parts of a composite parameter, in order; empty for all others.</param>
/// <param name="Url">The canonical URL of the definition.</param>
public sealed record SearchParameter(
    string Code,
    SearchParameterType Type,
    ImmutableArray<string> Bases,
    string Expression,
    ImmutableArray<string> Targets,
    ImmutableArray<CompositeComponent> Components,
    string Url);

/// <summary>One part of a composite search parameter.</summary>
/// <param name="Definition">The canonical URL of the search parameter that gives the part its type.</param>
/// <param name="Expression">The FHIRPath of the part, relative to what the composite's own expression yields.</param>
public sealed record CompositeComponent(string Definition, string Expression);
