using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Hl7v2.Structures;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// Walks the segments of any message in order and hands each to the assembly that knows it. The groups of the message structure decide
/// what belongs together (<see cref="Group"/>). Segments that no assembly knows stay unread and are reported.
/// </summary>
internal sealed class MessageWalk
{
    private readonly PatientAssembly _patients;
    private readonly VisitAssembly _visits;
    private readonly OrderSegments _orders;
    private readonly MergeAssembly _merges;
    private readonly AdministrationSegments _administration;
    private readonly List<Action> _finishing = [];

    public MessageWalk(MessageScope scope)
    {
        Scope = scope;
        Groups = MessageGroups.Of(scope.Message);
        Group = Groups.Root;
        MessageCode = FhirText.Code(Groups.Type.Code) ?? "";
        Event = FhirText.Code(Groups.Type.TriggerEvent) ?? "";
        _patients = new PatientAssembly(this);
        _visits = new VisitAssembly(this);
        _orders = new OrderSegments(this);
        _merges = new MergeAssembly(this);
        _administration = new AdministrationSegments(this);
    }

    public MessageScope Scope { get; }

    /// <summary>The segments in the groups of the message's structure.</summary>
    public MessageGroups Groups { get; }

    /// <summary>The group of the segment that is being walked.</summary>
    public SegmentGroup Group { get; private set; }

    /// <summary>MSH-9.1.</summary>
    public string MessageCode { get; }

    /// <summary>MSH-9.2, else EVN-1, else the only event of the message code; empty if there is none.</summary>
    public string Event { get; }

    /// <summary>The patient whose group is being walked.</summary>
    public ResourceDraft? Patient { get; set; }

    public ResourceDraft? Encounter { get; set; }

    /// <summary>The coverage that IN1 has named last.</summary>
    public ResourceDraft? Coverage { get; set; }

    public Order? Order { get; set; }

    /// <summary>The specimen whose segment came last in this order; observations that follow it are about it.</summary>
    public ResourceDraft? Specimen { get; set; }

    /// <summary>What a note is attached to: the resource of the segment before it.</summary>
    public ResourceDraft? Noted { get; set; }

    /// <summary>Number of an order without OBR (pharmacy, immunisation) under which the walk is.</summary>
    public string? OpenOrder => _orders.Orders.OpenNumber;

    public ResourceDraft Provenance { get; private set; } = null!;

    /// <summary>Entries of Provenance.entity for the software that wrote the message or passed it on.</summary>
    public List<JsonObject> Software { get; } = [];

    /// <summary>The trigger event; a message without one is told by its type.</summary>
    public JsonObject EventCoding() => Event.Length > 0
        ? new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v2-0003", ["code"] = Event }
        : new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v2-0076", ["code"] = MessageCode };

    public void Run()
    {
        var header = HeaderAssembly.Begin(this);
        if (HeaderOnly.Is(MessageCode))
        {
            HeaderOnly.Run(this, header);
            return;
        }

        Provenance = ProvenanceAssembly.Begin(this);
        foreach (var deviation in Groups.Deviations)
        {
            Scope.Report(deviation);
        }

        foreach (var segment in Scope.Message.Segments)
        {
            Group = Groups[segment];
            Scope.Group = Group;
            if (!_administration.Take(segment) && (Take(segment) || _orders.Take(segment)))
            {
                _administration.After(segment);
            }
        }

        _visits.Finish();
        foreach (var finish in _finishing)
        {
            finish();
        }

        _merges.Finish();
        PatientLink.Finish(this);
        Snapshot.Revive(this);
        HeaderAssembly.Finish(this, header);
        ProvenanceAssembly.Finish(this);
        Scope.Assembled?.Finish(Scope);
    }

    /// <summary>References that follow a merge or a move.</summary>
    public List<ReferenceMove> Moves { get; } = [];

    /// <summary>Has something done when all segments have been walked, in the order of these calls.</summary>
    public void Finally(Action finish) => _finishing.Add(finish);

    // What any message may have: header, patient, visit and what hangs on them.
    private bool Take(Hl7Segment segment)
    {
        switch (segment.Name)
        {
            case "SFT":
                SoftwareAssembly.Sft(this, segment, Scope.Resources.All[0]);
                break;
            case "MSA":
                Scope.Maps["MSA-MessageHeader"].Run(segment, Scope.Resources.All[0], Scope);
                break;
            case "EVN":
                Scope.Maps["EVN-Provenance"].Run(segment, Provenance, Scope);
                break;
            case "PID":
                _patients.Pid(segment);
                break;
            case "PD1":
                _patients.Pd1(segment);
                break;
            case "NK1":
                _patients.Nk1(segment);
                break;
            case "MRG":
                _merges.Mrg(segment);
                break;
            case "PV1":
                _visits.Pv1(segment);
                if (Encounter is { } visit)
                {
                    _merges.Visit(visit);
                }

                break;
            case "NPU":
                BedStatusAssembly.Run(this, segment);
                break;
            case "PV2":
                _visits.Pv2(segment);
                break;
            case "AL1" or "IAM":
                AllergyAssembly.Run(this, segment);
                break;
            case "DG1":
                ConditionAssembly.Run(this, segment);
                break;
            case "IN1":
                CoverageAssembly.Run(this, segment);
                break;
            case "NTE":
                Note(segment);
                break;
            default:
                return false;
        }

        return true;
    }

    // An annotation needs a text. Notes between ORC and OBR belong to the request that OBR is going to make.
    private void Note(Hl7Segment nte)
    {
        if (!nte[3].HasValue || FhirText.Block(Primitives.LinesOf(nte[3])) is null)
        {
            return;
        }

        if (Noted is not null)
        {
            Scope.Maps["NTE-Annotation"].Run(nte, Noted, Scope);
        }
        else
        {
            _orders.Orders.Note(nte);
        }
    }
}
