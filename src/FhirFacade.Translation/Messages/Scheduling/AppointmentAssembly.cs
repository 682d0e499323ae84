using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Scheduling;

/// <summary>
/// SCH with TQ1, AIS, AIG, AIL, AIP, NTE -> Appointment, whatever resource group (RGS) they stand in. By the filler's number (SCH-2), else the
/// placer's, so that booking, rescheduling and cancellation are one appointment. What needs the others is decided at the end, since PID follows SCH.
/// </summary>
internal sealed class AppointmentAssembly(MessageWalk walk)
{
    private readonly MessageScope _scope = walk.Scope;
    private readonly List<AppointmentResource> _resources = [];
    private readonly List<Hl7Segment> _services = [];
    private readonly List<string> _comments = [];
    private readonly List<ResourceDraft> _patients = [];
    private readonly List<ResourceDraft> _encounters = [];
    private ResourceDraft? _appointment;
    private Hl7Segment _sch;
    private Hl7Segment? _timing;

    public bool IsOpen => _appointment is not null;

    public void Sch(Hl7Segment sch)
    {
        Finish();
        walk.Noted = null;

        // A blocked or opened time (S23, S24) is nobody's appointment; R4 has Slot for it, which a mirror of other people's schedules cannot keep.
        if (walk.Event is "S23" or "S24")
        {
            _scope.Warn(Table0357.UnsupportedEventCode, sch.Location, "an event about an appointment; blocked and opened time makes no resource");
            return;
        }

        _sch = sch;
        _appointment = _scope.Resources.GetOrAdd("Appointment", Id(sch), TranslationMode.Merge, out _);
        _scope.Maps["SCH-Appointment"].Run(sch, _appointment, _scope);
        _scope.Maps["SCH-Provenance"].Run(sch, walk.Provenance, _scope);
        Reachable(sch[12], sch[14], sch[13]);
        Reachable(sch[16], sch[18], sch[17]);
        Reachable(sch[20], default, sch[21]);
    }

    /// <summary>TQ1 between SCH and PID: when the appointment is; newer than SCH-11, which it replaced in version 2.5.</summary>
    public void Tq1(Hl7Segment tq1)
    {
        _timing ??= tq1;
        _scope.Maps["TQ1-Appointment"].Run(tq1, _appointment!, _scope);
    }

    public void Patient() => Add(_patients, walk.Patient);

    public void Encounter() => Add(_encounters, walk.Encounter);

    /// <summary>AIS: the service; of several, each is one of the appointment's service types.</summary>
    public void Ais(Hl7Segment ais)
    {
        var isDeleted = ais[2].Is("D");
        if (!isDeleted)
        {
            _services.Add(ais);
        }

        _scope.Maps["AIS-Appointment"].Run(ais, isDeleted ? _scope.Scratch(_appointment!) : _appointment!, _scope);
    }

    /// <summary>AIG, AIL, AIP: a participant; one that is taken away (action code D) is no longer among them.</summary>
    public void Resource(Hl7Segment segment)
    {
        var target = segment[2].Is("D") ? _scope.Scratch(_appointment!) : _appointment!;
        var before = (target.Content["participant"] as JsonArray)?.Count ?? 0;
        _scope.Maps[$"{segment.Name}-Appointment"].Run(segment, target, _scope);
        if (target.Content["participant"] is JsonArray { Count: > 0 } list && list.Count > before && ReferenceEquals(target, _appointment))
        {
            var participant = (JsonObject)list[^1]!;
            _resources.Add(new AppointmentResource(segment, participant));
            Others(segment, participant, list);
        }
    }

    // AIP-3 repeats: people of whom each takes part as the first one does.
    private void Others(Hl7Segment segment, JsonObject participant, JsonArray list)
    {
        for (var n = 2; segment.Is("AIP") && n <= segment[3].RepetitionCount; n++)
        {
            if (XcnToPractitioner.Draft(segment[3].Repetition(n), _scope) is { } practitioner)
            {
                var other = (JsonObject)participant.DeepClone();
                other["actor"] = XcnToPractitioner.Reference(practitioner);
                list.Add((JsonNode)other);
                _resources.Add(new AppointmentResource(segment, other));
                _scope.Use.TookAll(segment, 3);
            }
        }
    }

    /// <summary>NTE anywhere in the message: R4 has one comment, so they are lines of it.</summary>
    public void Note(Hl7Segment nte)
    {
        _scope.Maps["NTE-Appointment"].Run(nte, _appointment!, _scope);
        var text = FhirText.Block(Primitives.LinesOf(nte[3])) ?? CweToString.Text(nte[9]);
        if (text is not null)
        {
            _comments.Add(text);
        }
    }

    public void Finish()
    {
        if (_appointment is not { } draft)
        {
            return;
        }

        _appointment = null;
        var content = draft.Content;
        AppointmentStatus.Decide(walk, draft, StatusOfServices());
        Time(draft);
        foreach (var resource in _resources)
        {
            resource.Complete((string?)content["start"], _scope);
            AppointmentAnswer.Of(draft, resource, _scope);
        }

        Participants(content);
        content.Put("comment", _comments.Count == 0 ? null : string.Join('\n', _comments));
        Requests(content);
        foreach (var encounter in _encounters)
        {
            encounter.Content["appointment"] = new JsonArray(draft.Reference());
            encounter.Content["status"] = AppointmentStatus.OfEncounter((string?)content["status"]);
            encounter.Presumed("status");
        }

        _resources.Clear();
        _services.Clear();
        _comments.Clear();
        _patients.Clear();
        _encounters.Clear();
        _timing = null;
    }

    private static void Add(List<ResourceDraft> list, ResourceDraft? draft)
    {
        if (draft is not null && !list.Contains(draft))
        {
            list.Add(draft);
        }
    }

    // A number without authority is the sending application's own.
    private string Id(Hl7Segment sch)
    {
        var filler = EiToIdentifier.Key(sch[2], _scope);
        return (filler ?? EiToIdentifier.Key(sch[1], _scope)) is { } number
            ? BusinessId.Of("Appointment", filler is null ? "placer" : "filler", number.System ?? _scope.Sender.System, number.Value)
            : BusinessId.Of("Appointment", "message", _scope.Key, sch.Location);
    }

    private void Reachable(Hl7Element person, Hl7Element address, Hl7Element telecom)
    {
        if (XcnToPractitioner.Draft(person.Repetition(1), _scope) is { } practitioner)
        {
            OrganizationContact.Complete(practitioner, address, telecom, _scope);
        }
    }

    private string? StatusOfServices() => _services
        .Select(s => FhirText.Code(s[10][1]))
        .Select(code => code is null ? null : _scope.Maps.Table("FillerStatusCodes-Appointment").Find(code)?.Code)
        .FirstOrDefault(static s => s is not null);

    private void Time(ResourceDraft draft)
    {
        var content = draft.Content;
        var quantity = _sch[11].Repetition(1);
        var duration = AppointmentTime.Duration(_sch[9], _sch[10], _scope);
        if (duration is { TotalMinutes: >= 1 and < int.MaxValue } whole)
        {
            content["minutesDuration"] = (int)whole.TotalMinutes;
        }

        var start = (_timing is { } tq1 ? AppointmentTime.Instant(tq1[7], _scope) : null) ?? AppointmentTime.Instant(quantity[4], _scope);
        var end = _timing is { } timing ? AppointmentTime.Instant(timing[8], _scope) : null;
        if (end is null && (_timing is not { } newer || !newer[7].HasValue))
        {
            end = AppointmentTime.Instant(quantity[5], _scope);
        }

        end ??= AppointmentTime.Later(start, duration ?? AppointmentTime.QuantityDuration(quantity[3]));
        foreach (var ais in _services)
        {
            var from = AppointmentTime.Instant(ais[4], _scope) ?? AppointmentTime.Later(start, AppointmentTime.Duration(ais[5], ais[6], _scope));
            start ??= from;
            end ??= AppointmentTime.Later(from, AppointmentTime.Duration(ais[7], ais[8], _scope) ?? duration);
        }

        content.Put("start", start);
        content.Put("end", end);

        // Both or neither (app-2); without a time at all only what is not yet, or no longer, to take place (app-3).
        var isOpen = (string?)content["status"] is "proposed" or "cancelled" or "waitlist";
        if (start is null != end is null || (start is null && !isOpen))
        {
            Absent(draft, "start", start);
            Absent(draft, "end", end);
        }
    }

    private static void Absent(ResourceDraft draft, string element, string? value)
    {
        if (value is null)
        {
            draft.Content["_" + element] = DataAbsent.Unknown();
            draft.Presumed(element);
        }
    }

    private void Participants(JsonObject content)
    {
        foreach (var patient in _patients)
        {
            content.Append("participant", new JsonObject { ["actor"] = patient.Reference() });
        }

        if (content["participant"] is not JsonArray list)
        {
            content["participant"] = list = [new JsonObject { ["actor"] = DataAbsent.Unknown() }];
        }

        var isAgreed = (string?)content["status"] is not ("proposed" or "pending" or "waitlist");
        for (var i = 0; i < list.Count; i++)
        {
            var participant = (JsonObject)list[i]!;
            if (!participant.ContainsKey("actor") && !participant.ContainsKey("type"))
            {
                list.RemoveAt(i--);
                continue;
            }

            participant["status"] ??= isAgreed ? "accepted" : "needs-action";
        }
    }

    // SCH-26, SCH-27: the orders that the appointment fulfils, each with the service that stands at its place.
    private void Requests(JsonObject content)
    {
        var count = Math.Max(_sch[26].RepetitionCount, _sch[27].RepetitionCount);
        for (var n = 1; n <= count; n++)
        {
            Hl7Segment? ais = _services.Count == 0 ? null : _services[Math.Min(n, _services.Count) - 1];
            content.Append("basedOn", AppointmentRequest.Reference(walk, _sch, n, ais, _patients.FirstOrDefault(), (string?)content["start"]));
        }
    }
}
