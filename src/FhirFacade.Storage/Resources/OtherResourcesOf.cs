using System.Collections.Immutable;

namespace FhirFacade.Storage.Resources;

/// <summary>Which resources a change of "all others" is about: those of a patient that feeds have stored, but for some.</summary>
/// <param name="Kept">Ids of those that it is not about.</param>
/// <param name="Encounter">Id of the visit to which they must refer; null for any.</param>
public sealed record OtherResourcesOf(ImmutableArray<string> Kept, string? Encounter);
