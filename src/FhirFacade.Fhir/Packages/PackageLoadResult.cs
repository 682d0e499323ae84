using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Packages;

/// <summary>A package, or the issues that say why there is none.</summary>
/// <param name="Package">Null where it was refused.</param>
/// <param name="Issues">Why it was refused, or which of its resources are left out.</param>
public sealed record PackageLoadResult(Package? Package, ImmutableArray<Issue> Issues);
