using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// RXA with ORC before, RXR and OBX after it -> Immunization. The OBX of the vaccination guides (LOINC: funding, information statement,
/// dose, reaction) become its elements, those of a forecast an ImmunizationRecommendation; any other OBX is an Observation that is
/// part of it. RXA-5 of 998 says that no vaccine was given: unless it was refused, there is no Immunization then.
/// </summary>
internal sealed class ImmunizationAssembly(MessageWalk walk, OrderAssembly orders, ObservationAssembly observations)
{
    private readonly MessageScope _scope = walk.Scope;
    private readonly Dictionary<string, int> _times = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VaccinationGroup> _groups = new(StringComparer.Ordinal);
    private ResourceDraft? _target;
    private Hl7Segment? _rxa;

    /// <summary>The vaccination to which the next segments belong; null where there is none.</summary>
    public ResourceDraft? Current { get; private set; }

    public void Rxa(Hl7Segment rxa)
    {
        Close();
        var pending = orders.Claim();
        _scope.Orc = pending?.Orc;
        _rxa = rxa;
        walk.Order = null;
        walk.Noted = null;
        if (IsNothing(rxa))
        {
            Nothing(rxa);
            return;
        }

        var draft = _scope.Resources.GetOrAdd("Immunization", Id(pending?.Orc, rxa), TranslationMode.Merge, out var isNew);
        var target = isNew ? draft : _scope.Scratch(draft);
        (Current, _target) = (draft, target);
        target.Content["patient"] = walk.Patient?.Reference() ?? DataAbsent.Unknown();
        target.Content.Put("encounter", walk.Encounter?.Reference());
        if (pending is not null)
        {
            _scope.Maps["ORC-Immunization"].Run(pending.Orc, target, _scope);
        }

        _scope.Maps["RXA-Immunization"].Run(rxa, target, _scope);
        Identifiers.Distinct(target.Content);
        Complete(rxa, target);
        OrderProvenance.Target(pending?.Provenance, draft);
        walk.Noted = target;
        foreach (var prt in pending?.Participants ?? [])
        {
            OrderParticipant.Performer(prt, target, _scope);
        }

        foreach (var note in pending?.Notes ?? [])
        {
            _scope.Maps["NTE-Annotation"].Run(note, target, _scope);
        }
    }

    /// <summary>False if no vaccination is open.</summary>
    public bool Route(Hl7Segment rxr)
    {
        if (_target is null)
        {
            return _rxa is not null;
        }

        _scope.Maps["RXR-Immunization"].Run(rxr, _target, _scope);
        return true;
    }

    /// <summary>True if the observation says something of the vaccination or of a forecast and is no Observation of its own.</summary>
    public bool Obx(Hl7Segment obx)
    {
        if (_rxa is null || FhirText.Code(obx[3][1]) is not { } loinc || _scope.Maps.LoincImmunization.Find(loinc)?.Code is not { } meaning || !obx[5].HasValue)
        {
            return false;
        }

        var sub = FhirText.String(obx[4].Text) ?? "";
        if (!_groups.TryGetValue(sub, out var group))
        {
            _groups.Add(sub, group = new VaccinationGroup());
        }

        if (meaning == "reaction")
        {
            observations.Obx(obx, Current);
            Reaction(obx);
            return true;
        }

        if (meaning == "vaccine-type")
        {
            group.Type = obx;
            return true;
        }

        var isTaken = meaning.StartsWith("forecast", StringComparison.Ordinal) || (Current is null && meaning is "dose-number" or "doses-in-series" or "schedule" or "series")
            ? Forecast(obx, meaning, loinc, group)
            : _target is { } target && VaccinationElements.Put(obx, meaning, group, target.Content, _scope);
        if (isTaken)
        {
            ReportText.MarkRead(obx, _scope);
        }

        return isTaken;
    }

    /// <summary>The next order begins.</summary>
    public void Close()
    {
        foreach (var group in _groups.Values)
        {
            Finish(group);
        }

        _groups.Clear();
        (Current, _target, _rxa) = (null, null, null);
    }

    public void Finish() => Close();

    private static bool IsNothing(Hl7Segment rxa) => rxa[5][1].Is("998") && !rxa[18].HasValue && !rxa[20].Is("RE");

    // A row that only carries observations: it says that nothing was given, and when.
    private void Nothing(Hl7Segment rxa)
    {
        for (var field = 1; field <= 6; field++)
        {
            _scope.Use.Read(rxa, field);
        }

        foreach (var field in (ReadOnlySpan<int>)[20, 21])
        {
            _scope.Use.Read(rxa, field);
        }
    }

    private void Complete(Hl7Segment rxa, ResourceDraft target)
    {
        var content = target.Content;
        target.Presume("status", JsonValue.Create("completed"));
        target.Presume("vaccineCode", DataAbsent.Unknown());
        if (!content.ContainsKey("occurrenceDateTime"))
        {
            content["_occurrenceDateTime"] = DataAbsent.Unknown();
        }

        // Table NIP001: 00 is this provider's own record, anything else was told or copied.
        if (rxa[9][1].HasValue)
        {
            content["primarySource"] = rxa[9][1].Is("00");
        }

        // A reason needs something that was not done.
        if (rxa[20].Is("RE") || rxa[20].Is("NA") || rxa[18].HasValue)
        {
            content["status"] = rxa[21].Is("D") ? "entered-in-error" : "not-done";
        }

        if ((string?)content["location"]?["reference"] is { } reference
            && _scope.Resources.Find("Location", reference["Location/".Length..]) is { } place
            && !place.Content.ContainsKey("address"))
        {
            place.Content.Put("address", XadToAddress.Address(rxa[28].Repetition(1), _scope));
        }
    }

    private void Reaction(Hl7Segment obx)
    {
        if (_target is { } target && walk.Noted is { Type: "Observation" } observation)
        {
            var reaction = new JsonObject();
            reaction.Put("date", DtmToDateTime.Text(obx[14], _scope));
            reaction["detail"] = observation.Reference();
            target.Content.Append("reaction", reaction);
        }
    }

    private bool Forecast(Hl7Segment obx, string meaning, string loinc, VaccinationGroup group)
    {
        if (walk.Patient is null)
        {
            return false;
        }

        group.Recommendation ??= [];
        return ForecastElements.Put(obx, meaning, loinc, group.Recommendation, _scope);
    }

    private void Finish(VaccinationGroup group)
    {
        if (group.Education is { } education)
        {
            Document(group, education);
            if (!education.ContainsKey("documentType"))
            {
                // A statement has a type or a reference (imm-1).
                education["_documentType"] = DataAbsent.Unknown();
            }

            _target?.Content.Append("education", education);
        }

        if (group.Recommendation is { } recommendation && walk.Patient is { } patient)
        {
            if (group.Type is { } type && !recommendation.ContainsKey("vaccineCode"))
            {
                recommendation.Append("vaccineCode", CweToCodeableConcept.Concept(type[5], null, _scope));
                ReportText.MarkRead(type, _scope);
            }

            var forecast = _scope.Resources.GetOrAdd("ImmunizationRecommendation", BusinessId.Of("ImmunizationRecommendation", patient.Id, _scope.Sender.Facility), TranslationMode.Replace, out _);
            ForecastElements.Complete(forecast.Content, recommendation, patient, _rxa, _scope);
        }
        else if (group is { Education: null, Type: { } alone })
        {
            observations.Obx(alone, Current);
        }
    }

    private void Document(VaccinationGroup group, JsonObject education)
    {
        if (group.Type is { } type)
        {
            education.Put("documentType", (string?)education["documentType"] ?? CweToString.Text(type[5]));
            ReportText.MarkRead(type, _scope);
        }
    }

    // By the filler's number, else the placer's; 9999 is no number. Else by patient, vaccine and day.
    private string Id(Hl7Segment? orc, Hl7Segment rxa)
    {
        var number = orc is { } order ? Number(order, 3) ?? Number(order, 2) : null;
        var key = number ?? $"{walk.Patient?.Id}|{FhirText.Code(rxa[5][1])}|{FhirText.String(rxa[3])}";
        var times = _times[key] = _times.GetValueOrDefault(key) + 1;
        return BusinessId.Of("Immunization", key, times == 1 ? null : $"{times}");
    }

    private string? Number(Hl7Segment orc, int field) =>
        EiToIdentifier.Key(orc[field].Repetition(1), _scope) is { Value: not "9999" } key ? OrderNumber.Key("order", key, walk.Patient, _scope) : null;
}
