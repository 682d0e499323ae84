using System.Collections.Immutable;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Lineage;

namespace FhirFacade.Translation;

/// <summary>What became of one message.</summary>
/// <param name="Resources">Empty if the translation failed. References between them resolve among them, except where the message only names the target.</param>
/// <param name="Issues">In message order.</param>
/// <param name="Unmapped">Coordinates of the populated fields that no row read, such as <c>PID-31</c> or <c>OBX(2)-13</c>.</param>
/// <param name="Lineage">Element by element, where it came from; empty unless the profile asks for it.</param>
public sealed record TranslationResult(
    ImmutableArray<TranslatedResource> Resources,
    ImmutableArray<TranslationIssue> Issues,
    ImmutableArray<string> Unmapped,
    ImmutableArray<LineageEntry> Lineage)
{
    /// <summary>What the message, as a snapshot, says is no more: only of feeds that are configured so.</summary>
    public ImmutableArray<RetiredResources> Retired { get; init; } = [];

    /// <summary>References that follow a merge or a move, in what is stored already and in what may still come.</summary>
    public ImmutableArray<ReferenceMove> Moves { get; init; } = [];

    /// <summary>True if an issue is an error: nothing of the message may be stored.</summary>
    public bool IsFailure => Issues.Any(static i => i.Severity == Hl7Severity.Error);
}
