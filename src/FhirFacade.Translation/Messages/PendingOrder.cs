using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Messages;

/// <summary>An ORC that waits for the segment with its detail (OBR, RXO, RXE, RXD, RXG, RXA), with what stands between the two.</summary>
/// <param name="Orc">The segment.</param>
/// <param name="Patient">Whose order it is.</param>
/// <param name="Provenance">Who entered, verified and placed it; null if it does not say.</param>
internal sealed record PendingOrder(Hl7Segment Orc, ResourceDraft? Patient, ResourceDraft? Provenance)
{
    /// <summary>NTE between the two.</summary>
    public List<Hl7Segment> Notes { get; } = [];

    /// <summary>PRT between the two.</summary>
    public List<Hl7Segment> Participants { get; } = [];

    /// <summary>TQ1 between the two.</summary>
    public List<Hl7Segment> Timings { get; } = [];
}
