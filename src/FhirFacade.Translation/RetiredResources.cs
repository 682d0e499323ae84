using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FhirFacade.Translation;

/// <summary>Resources of a patient that came by the feed and that a snapshot no longer carries.</summary>
/// <param name="Type">Their type.</param>
/// <param name="PatientId">Whose they are.</param>
/// <param name="EncounterId">Of which visit; null for all of the patient's.</param>
/// <param name="Kept">Ids of those that the snapshot does carry.</param>
/// <param name="Content">What is said of the others, to be merged into each.</param>
/// <param name="Time">As <see cref="TranslatedResource.Time"/>.</param>
public sealed record RetiredResources(string Type, string PatientId, string? EncounterId, ImmutableArray<string> Kept, JsonObject Content, DateTimeOffset? Time);
