using System.Text.Json.Nodes;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>ORC, OBR -> ServiceRequest and, in messages that report, DiagnosticReport. An ORC belongs to the OBR next after it, and to no other.</summary>
internal sealed class OrderAssembly(MessageWalk walk)
{
    private readonly MessageScope _scope = walk.Scope;
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);
    private readonly List<Order> _orders = [];
    private readonly List<Hl7Segment> _notes = [];
    private Hl7Segment? _orc;

    /// <summary>Number of an order that no OBR has taken up: what hangs below it is told apart by it.</summary>
    public string? OpenNumber =>
        _orc is { } orc && (EiToIdentifier.Key(orc[3].Repetition(1), _scope) ?? EiToIdentifier.Key(orc[2].Repetition(1), _scope)) is { } number
            ? $"{number.Scope(_scope)}|{number.Value}"
            : null;

    private bool IsReport => walk.MessageCode is "ORU" or "OUL" or "ORF";

    public void Orc(Hl7Segment orc)
    {
        walk.Noted = null;

        // In specimen-centred messages (OUL) the order may follow its request.
        if (walk.MessageCode == "OUL" && walk.Order is { Orc: null } order && !HasObrAhead(orc))
        {
            Complete(order, orc);
            return;
        }

        _orc = orc;
        _notes.Clear();
        _scope.Maps["ORC-Provenance"].Run(orc, walk.Provenance, _scope);
    }

    public void Obr(Hl7Segment obr)
    {
        (_scope.Orc, _scope.Obr) = (_orc, obr);
        _orc = null;
        walk.Specimen = walk.MessageCode == "OUL" ? walk.Specimen : null;
        var key = Key(_scope.Orc, obr);
        var request = walk.Patient is { } patient ? Request(obr, key, patient) : null;
        var order = new Order(_scope.Orc, obr, key)
        {
            Request = request,
            Report = IsReport || obr[25].HasValue ? Report(obr, key, request) : null,
            Category = Category(obr),
        };
        _orders.Add(order);
        walk.Order = order;
        SpecimenAssembly.OfObr(walk, order);
        walk.Noted = order.Request;
        foreach (var note in _notes)
        {
            if (request is not null)
            {
                _scope.Maps["NTE-Annotation"].Run(note, request, _scope);
            }
        }

        _notes.Clear();
    }

    /// <summary>A note that came after ORC and waits for its OBR.</summary>
    public void Note(Hl7Segment nte)
    {
        if (_orc is not null)
        {
            _notes.Add(nte);
        }
    }

    /// <summary>What can only be said when all of a report's observations and specimens are known.</summary>
    public void Finish()
    {
        foreach (var order in _orders)
        {
            order.Report?.Presume("status", JsonValue.Create("unknown"));
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
        _scope.Maps["ORC-Provenance"].Run(orc, walk.Provenance, _scope);
        if (order.Request is { } request)
        {
            _scope.Maps["ORC-ServiceRequest"].Run(orc, request, _scope);
            Requester(orc, order.Obr, request);
        }
    }

    private ResourceDraft Request(Hl7Segment obr, string key, ResourceDraft patient)
    {
        // The placer's number is what order and result have in common.
        var number = Number(_scope.Orc, obr, 2) is { } placer ? NumberKey("placer", placer, obr) : key;
        var draft = _scope.Resources.GetOrAdd("ServiceRequest", BusinessId.Of("ServiceRequest", number), TranslationMode.Merge, out var isNew);
        var target = isNew ? draft : _scope.Scratch(draft);
        target.Content["subject"] = patient.Reference();
        target.Content.Put("encounter", walk.Encounter?.Reference());
        if (_scope.Orc is { } orc)
        {
            _scope.Maps["ORC-ServiceRequest"].Run(orc, target, _scope);
        }

        _scope.Maps["OBR-ServiceRequest"].Run(obr, target, _scope);
        Identifiers.Distinct(target.Content);

        // Details of nothing (prr-1).
        if (!target.Content.ContainsKey("code"))
        {
            target.Content.Remove("orderDetail");
        }

        Requester(_scope.Orc, obr, target);
        if (target.Content["status"] is null && FhirText.Code(obr[25]) is { } result && _scope.Maps.RequestStatusByResult.Find(result)?.Code is { } status)
        {
            target.Content["status"] = status;
        }

        return draft;
    }

    private ResourceDraft Report(Hl7Segment obr, string key, ResourceDraft? request)
    {
        var draft = _scope.Resources.GetOrAdd("DiagnosticReport", BusinessId.Of("DiagnosticReport", key), TranslationMode.Replace, out _);
        draft.Content.Put("basedOn", request is null ? null : new JsonArray(request.Reference()));
        draft.Content.Put("subject", walk.Patient?.Reference());
        draft.Content.Put("encounter", walk.Encounter?.Reference());
        if (_scope.Orc is { } orc)
        {
            _scope.Maps["ORC-DiagnosticReport"].Run(orc, draft, _scope);
        }

        _scope.Maps["OBR-DiagnosticReport"].Run(obr, draft, _scope);
        draft.Content["code"] ??= DataAbsent.Unknown();
        Identifiers.Distinct(draft.Content);
        return draft;
    }

    // ORC-12, else OBR-16; with the ordering facility (ORC-21 to 23), if it is named, as a role there.
    private void Requester(Hl7Segment? orc, Hl7Segment obr, ResourceDraft request)
    {
        var person = orc is { } order && order[12].HasValue ? order[12] : obr[16];
        var practitioner = XcnToPractitioner.Draft(person.Repetition(1), _scope);
        var facility = orc is { } common ? XonToOrganization.Draft(common[21].Repetition(1), _scope) : null;
        if (facility is not null && orc is { } at)
        {
            OrganizationContact.Complete(facility, at[22], at[23], _scope);
        }

        if (practitioner is not null && orc is { } by && by[24].HasValue && !practitioner.Content.ContainsKey("address"))
        {
            practitioner.Content.Append("address", XadToAddress.Address(by[24].Repetition(1), _scope));
        }

        request.Content.Put("requester", (practitioner, facility) switch
        {
            (null, null) => null,
            ({ } who, null) => XcnToPractitioner.Reference(who),
            (null, { } where) => XonToOrganization.Reference(where),
            ({ } who, { } where) => RoleReference(who, where),
        });
    }

    private JsonObject RoleReference(ResourceDraft practitioner, ResourceDraft facility)
    {
        var reference = XcnToPractitioner.Reference(practitioner);
        reference["reference"] = $"PractitionerRole/{XcnToPractitionerRole.Role(practitioner, facility, null, _scope).Id}";
        return reference;
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
        $"{kind}|{number.System ?? $"{number.Scope(_scope)}|{walk.Patient?.Id}"}|{number.Value}|{Service(obr)}";

    private static string? Service(Hl7Segment obr) => FhirText.Code(obr[4][1]) ?? FhirText.String(obr[4][2]) ?? FhirText.Code(obr[4][4]);
}
