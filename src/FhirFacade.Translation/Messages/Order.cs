using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.Messages;

/// <summary>One OBR with the ORC before it, and what has been made of them.</summary>
/// <param name="Key">What makes ids in this order: a key of number, authority and service.</param>
internal sealed record Order(Hl7Segment? Orc, Hl7Segment Obr, string Key)
{
    private Dictionary<string, int>? _seen;

    /// <summary>Null if there is no patient to request anything for.</summary>
    public ResourceDraft? Request { get; init; }

    /// <summary>Null in messages that order and do not report.</summary>
    public ResourceDraft? Report { get; init; }

    /// <summary>Observation.category of the diagnostic service (OBR-24).</summary>
    public JsonObject? Category { get; init; }

    /// <summary>The order of this message that led to this one (OBR-29).</summary>
    public Order? Parent { get; init; }

    /// <summary>The result of the parent that led to this order (OBR-26): it has this order's results as members.</summary>
    public ResourceDraft? ParentResult { get; set; }

    /// <summary>Lines of text that the feed's profile joins into the report (<see cref="TextLines.PresentedForm"/>).</summary>
    public List<string>? Text { get; set; }

    /// <summary>The specimen that OBR itself describes, still to be joined with the first SPM.</summary>
    public bool IsObrSpecimenPending { get; set; }

    public ResourceDraft? FirstSpecimen { get; set; }

    public int Specimens { get; set; }

    /// <summary>The results, with code (OBX-3.1) and sub-id (OBX-4).</summary>
    public List<(string? Code, string? SubId, ResourceDraft Observation)> Results { get; } = [];

    /// <summary>The result of that code and, if one is given, sub-id.</summary>
    public ResourceDraft? Result(string? code, string? subId) =>
        code is null ? null : Results.FirstOrDefault(r => r.Code == code && (subId is null || r.SubId == subId)).Observation;

    /// <summary>How often this observation has occurred in the order, this time included.</summary>
    public int Occurrence(string observation)
    {
        _seen ??= new Dictionary<string, int>(StringComparer.Ordinal);
        return _seen[observation] = _seen.GetValueOrDefault(observation) + 1;
    }
}
