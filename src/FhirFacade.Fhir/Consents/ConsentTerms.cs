using System.Collections.Immutable;

namespace FhirFacade.Fhir.Consents;

/// <summary>One condition of a provision: any of the values.</summary>
/// <param name="Known">The values that are understood.</param>
/// <param name="HasMore">Whether there are others, so that nobody can say for certain what the condition does not cover.</param>
public sealed record ConsentTerms<T>(ImmutableArray<T> Known, bool HasMore);
