using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>ORC, OBR -> ServiceRequest and, in messages that report, DiagnosticReport. An ORC belongs to the OBR next after it, and to no other.</summary>
internal sealed class OrderAssembly(MessageWalk walk)
{
    private readonly MessageScope _scope = walk.Scope;
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);
    private readonly List<Order> _orders = [];

    /// <summary>The ORC that no detail segment has taken up yet.</summary>
    public PendingOrder? Pending { get; private set; }

    /// <summary>Number of the order under which the walk is, where it has no OBR: what hangs below it is told apart by it.</summary>
    public string? OpenNumber { get; private set; }

    private bool IsReport => walk.MessageCode is "ORU" or "OUL" or "ORF";

    public void Orc(Hl7Segment orc)
    {
        Unclaimed();
        walk.Noted = null;

        // In specimen-centred messages (OUL) the order may follow its request.
        if (walk.MessageCode == "OUL" && walk.Order is { Orc: null } order && !HasObrAhead(orc))
        {
            Complete(order, orc);
            return;
        }

        Pending = new PendingOrder(orc, walk.Patient, OrderProvenance.Of(orc, walk));
        OpenNumber = (EiToIdentifier.Key(orc[3].Repetition(1), _scope) ?? EiToIdentifier.Key(orc[2].Repetition(1), _scope)) is { } number
            ? $"{number.Scope(_scope)}|{number.Value}"
            : null;
    }

    /// <summary>The detail segment has come: the ORC is its, if it is this patient's.</summary>
    public PendingOrder? Claim()
    {
        var pending = Pending;
        Pending = null;
        return pending is not null && pending.Patient == walk.Patient ? pending : null;
    }

    public void Obr(Hl7Segment obr)
    {
        var pending = Claim();
        (_scope.Orc, _scope.Obr) = (pending?.Orc, obr);
        OpenNumber = null;
        walk.Specimen = walk.MessageCode == "OUL" ? walk.Specimen : null;
        var key = Key(_scope.Orc, obr);
        var request = IsRequest ? Request(obr, key) : null;
        var order = new Order(_scope.Orc, obr, key)
        {
            Request = request,
            Report = IsReport || obr[25].HasValue ? Report(obr, key, request) : null,
            Category = Category(obr),
            Parent = Parent(obr),
        };
        Family(order);
        OrderProvenance.Target(pending?.Provenance, order.Request);
        OrderProvenance.Target(pending?.Provenance, order.Report);
        _orders.Add(order);
        walk.Order = order;
        SpecimenAssembly.OfObr(walk, order);
        walk.Noted = order.Request;
        Waiting(pending, request);
        if (pending is not null)
        {
            OrderTask.Orc(walk, pending.Orc, order.Request);
        }

        foreach (var prt in pending?.Participants ?? [])
        {
            OrderParticipant.Prt(prt, order, walk.Specimen, _scope);
        }
    }

    /// <summary>TQ1 after OBR.</summary>
    public void Timing(Hl7Segment tq1)
    {
        if (walk.Order?.Request is { } request)
        {
            Timing(tq1, request);
        }
    }

    /// <summary>A note that came after ORC and waits for its detail.</summary>
    public void Note(Hl7Segment nte) => Pending?.Notes.Add(nte);

    /// <summary>What can only be said when all of a report's observations and specimens are known.</summary>
    public void Finish()
    {
        Unclaimed();
        OrderProvenance.Finish(walk);
        foreach (var order in _orders)
        {
            FamilyHistory.Finish(order, _scope);
            if (order.Report is { } report)
            {
                report.Presume("status", JsonValue.Create("unknown"));
                ReportText.Finish(order, report);
                ResultCategory.Finish(order, report);
            }

            ConfidentialityLabels.Share(order, _scope.Resources);

            if (order.Request is { } request)
            {
                request.Presume("status", JsonValue.Create("unknown"));
                request.Presume("intent", JsonValue.Create("order"));
            }
        }
    }

    private bool HasObrAhead(Hl7Segment orc)
    {
        var message = _scope.Message;
        for (var i = orc.Index + 1; i < message.SegmentCount; i++)
        {
            switch (message[i].Name)
            {
                case "OBR":
                    return true;
                case "ORC" or "OBX" or "SPM" or "PID":
                    return false;
            }
        }

        return false;
    }

    private void Complete(Order order, Hl7Segment orc)
    {
        (_scope.Orc, _scope.Obr) = (orc, order.Obr);
        var provenance = OrderProvenance.Of(orc, walk);
        OrderProvenance.Target(provenance, order.Request);
        OrderProvenance.Target(provenance, order.Report);
        if (order.Request is { } request)
        {
            _scope.Maps["ORC-ServiceRequest"].Run(orc, request, _scope);
            Identifiers.Distinct(request.Content);
            OrderRequester.Put(orc, order.Obr[16], request, _scope);
        }
    }

    // An order that is nothing but its ORC, such as a cancellation: known by its number alone.
    private void Unclaimed()
    {
        var pending = Claim();
        OpenNumber = null;
        if (pending is null || walk.MessageCode == "VXU" || OrderNumber.OfOrc(pending.Orc, pending.Patient, _scope) is not { } number)
        {
            return;
        }

        (_scope.Orc, _scope.Obr) = (pending.Orc, null);
        var isPharmacy = walk.MessageCode is "RDE" or "RDS" or "RGV" or "RAS" or "OMP";
        var type = isPharmacy ? "MedicationRequest" : "ServiceRequest";
        var draft = _scope.Resources.GetOrAdd(type, isPharmacy ? BusinessId.Of(type, $"{number}|RXE|", null) : BusinessId.Of(type, number), TranslationMode.Merge, out var isNew);
        var target = isNew ? draft : _scope.Scratch(draft);
        target.Content["subject"] = pending.Patient?.Reference() ?? DataAbsent.Unknown();
        _scope.Maps[$"ORC-{type}"].Run(pending.Orc, target, _scope);
        Occurrence(target.Content, pending.Orc);
        OrderRequester.Put(pending.Orc, default, target, _scope);
        target.Presume("status", JsonValue.Create("unknown"));
        target.Presume("intent", JsonValue.Create("order"));
        if (isPharmacy)
        {
            target.Presume("medicationCodeableConcept", DataAbsent.Unknown());
        }

        OrderProvenance.Target(pending.Provenance, draft);
        OrderTask.Orc(walk, pending.Orc, draft);
        Waiting(pending, isPharmacy ? null : target);
    }

    // Notes and timings that came between ORC and its detail.
    private void Waiting(PendingOrder? pending, ResourceDraft? request)
    {
        if (request is null || pending is null)
        {
            return;
        }

        foreach (var note in pending.Notes)
        {
            _scope.Maps["NTE-Annotation"].Run(note, request, _scope);
        }

        foreach (var timing in pending.Timings)
        {
            Timing(timing, request);
        }
    }

    // A request is timed once: a second TQ1 has no room and is reported.
    private void Timing(Hl7Segment tq1, ResourceDraft request)
    {
        if (!request.Content.ContainsKey("occurrenceTiming"))
        {
            _scope.Maps["TQ1-ServiceRequest"].Run(tq1, request, _scope);
            Occurrence(request.Content, tq1);
        }
    }

    // Only one kind of time: what repeats says more, and begins at the other.
    private void Occurrence(JsonObject request, Hl7Segment segment)
    {
        if (request["occurrenceTiming"] is not JsonObject timing || request["occurrenceDateTime"] is not { } time)
        {
            return;
        }

        request.Remove("occurrenceDateTime");
        if (timing["repeat"] is not JsonObject repeat)
        {
            timing["repeat"] = repeat = [];
        }

        if (repeat["boundsPeriod"] is JsonObject period)
        {
            period["start"] ??= time.DeepClone();
            PeriodEnd.Check(period, segment.Location, _scope);
        }
        else if (!repeat.Any(static p => p.Key.StartsWith("bounds", StringComparison.Ordinal)))
        {
            repeat["boundsPeriod"] = new JsonObject { ["start"] = time.DeepClone() };
        }
    }

    // OBR-29 (or ORC-8) names the order that led to this one; OBR-26 which of its results.
    private Order? Parent(Hl7Segment obr)
    {
        var eip = obr[29].HasValue ? obr[29] : _scope.Orc is { } orc ? orc[8] : default;
        var (placer, filler) = (FhirText.String(eip[1][1]), FhirText.String(eip[2][1]));
        return placer is null && filler is null ? null : _orders.FirstOrDefault(o =>
            (filler is not null && filler == (FhirText.String(o.Obr[3][1]) ?? (o.Orc is { } f ? FhirText.String(f[3][1]) : null)))
            || (filler is null && placer == (FhirText.String(o.Obr[2][1]) ?? (o.Orc is { } p ? FhirText.String(p[2][1]) : null))));
    }

    private void Family(Order order)
    {
        if (order.Parent is not { } parent)
        {
            return;
        }

        if (parent.Request is { } above && order.Request is { } below && above != below && below.Content["basedOn"] is JsonArray { Count: > 0 } basedOn)
        {
            basedOn[0]!["reference"] = $"ServiceRequest/{above.Id}";
        }

        order.ParentResult = parent.Result(FhirText.Code(order.Obr[26][1].Subcomponent(1)), FhirText.String(order.Obr[26][2]));
        if (order.ParentResult is not null)
        {
            _scope.Use.Read(order.Obr, 26);
        }
    }

    // Orders always make requests; results do where the feed wants them.
    private bool IsRequest => !IsReport || _scope.Profile.RequestsOfResults;

    private ResourceDraft Request(Hl7Segment obr, string key)
    {
        // The placer's number is what order and result have in common.
        var number = Number(_scope.Orc, obr, 2) is { } placer ? NumberKey("placer", placer, obr) : key;
        var draft = _scope.Resources.GetOrAdd("ServiceRequest", BusinessId.Of("ServiceRequest", number), TranslationMode.Merge, out var isNew);
        var target = isNew ? draft : _scope.Scratch(draft);
        Key(draft, obr, 2, 3);
        target.Content["subject"] = walk.Patient?.Reference() ?? DataAbsent.Unknown();
        target.Content.Put("encounter", walk.Encounter?.Reference());
        if (_scope.Orc is { } orc)
        {
            _scope.Maps["ORC-ServiceRequest"].Run(orc, target, _scope);
        }

        _scope.Maps["OBR-ServiceRequest"].Run(obr, target, _scope);
        Identifiers.Distinct(target.Content);
        Occurrence(target.Content, obr);

        // Details of nothing (prr-1).
        if (!target.Content.ContainsKey("code"))
        {
            target.Content.Remove("orderDetail");
        }

        OrderRequester.Put(_scope.Orc, obr[16], target, _scope);
        if (target.Content["status"] is null && FhirText.Code(obr[25]) is { } result && _scope.Maps.RequestStatusByResult.Find(result)?.Code is { } status)
        {
            target.Content["status"] = status;
            _scope.Assembled?.Said(target, "status", obr, 25);
        }

        return draft;
    }

    private ResourceDraft Report(Hl7Segment obr, string key, ResourceDraft? request)
    {
        var draft = _scope.Resources.GetOrAdd("DiagnosticReport", BusinessId.Of("DiagnosticReport", key), TranslationMode.Replace, out _);
        Key(draft, obr, 3, 2);
        draft.Content.Put("basedOn", request is null ? null : new JsonArray(request.Reference()));
        draft.Content.Put("subject", walk.Patient?.Reference());
        draft.Content.Put("encounter", walk.Encounter?.Reference());
        if (_scope.Orc is { } orc)
        {
            _scope.Maps["ORC-DiagnosticReport"].Run(orc, draft, _scope);
        }

        _scope.Maps["OBR-DiagnosticReport"].Run(obr, draft, _scope);
        if (_scope.Profile.IsResultOrderedByStatusTime && Dtm.TryRead(obr[22], out var changed) && changed.Precision >= DtmPrecision.Minute)
        {
            draft.Time = changed.ToMoment(_scope.Time);
        }

        draft.Content["code"] ??= DataAbsent.Unknown();
        Identifiers.Distinct(draft.Content);
        return draft;
    }

    // The number that makes the id, of OBR else of ORC, and the service.
    private void Key(ResourceDraft draft, Hl7Segment obr, int field, int otherwise)
    {
        foreach (var number in (ReadOnlySpan<int>)[field, otherwise])
        {
            if (obr[number].HasValue)
            {
                _scope.Assembled?.Key(draft, obr, number, 4);
            }
            else if (_scope.Orc is { } orc && orc[number].HasValue)
            {
                _scope.Assembled?.Key(draft, orc, number);
            }
        }
    }

    private JsonObject? Category(Hl7Segment obr) =>
        FhirText.Code(obr[24]) is { } section && _scope.Maps.ObservationCategory.Find(section) is { Code: { } code } target
            ? new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = target.System, ["code"] = code, ["display"] = target.Display }) }
            : null;

    /// <summary>
    /// The filler's number (OBR-3, else ORC-3), else the placer's, with the service (OBR-4), since a laboratory may report several under
    /// one number; without any number the place in this message.
    /// </summary>
    private string Key(Hl7Segment? orc, Hl7Segment obr)
    {
        var key = Number(orc, obr, 3) is { } filler ? NumberKey("filler", filler, obr)
            : Number(orc, obr, 2) is { } placer ? NumberKey("placer", placer, obr)
            : $"message|{_scope.Key}|{Service(obr)}";
        var times = _keys[key] = _keys.GetValueOrDefault(key) + 1;
        return BusinessId.Of("Order", key, times == 1 ? null : $"{times}");
    }

    private IdentifierKey? Number(Hl7Segment? orc, Hl7Segment obr, int field) =>
        EiToIdentifier.Key(obr[field].Repetition(1), _scope) ?? (orc is { } common ? EiToIdentifier.Key(common[field].Repetition(1), _scope) : null);

    // A number without authority is believed within its patient only.
    private string NumberKey(string kind, IdentifierKey number, Hl7Segment obr) =>
        $"{OrderNumber.Key(kind, number, walk.Patient, _scope)}|{Service(obr)}";

    private static string? Service(Hl7Segment obr) => FhirText.Code(obr[4][1]) ?? FhirText.String(obr[4][2]) ?? FhirText.Code(obr[4][4]);
}
