using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// OBX -> Observation. After OBR it is a result of that report (or, in an order, supporting information of the request); after SPM it
/// is about the specimen and no result; in a patient or visit group it stands alone.
/// </summary>
internal sealed class ObservationAssembly(MessageWalk walk)
{
    private const string DataAbsentReason = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
    private const string AlternateCodes = "http://hl7.org/fhir/StructureDefinition/alternate-codes";
    private const string MedicalDirector = "http://terminology.hl7.org/CodeSystem/v2-0912|MDIR";

    private readonly MessageScope _scope = walk.Scope;
    private readonly Dictionary<string, int> _alone = new(StringComparer.Ordinal);
    private readonly BloodPressurePanel _pressures = new(walk);
    private (Order? Order, string? Code, ResourceDraft? Draft) _text;

    /// <summary>What only all observations tell.</summary>
    public void Finish() => _pressures.Finish();

    /// <param name="obx">The segment.</param>
    /// <param name="about">The medication or immunization below which it stands; null where an OBR or nothing is above it.</param>
    public void Obx(Hl7Segment obx, ResourceDraft? about)
    {
        var order = walk.Order;
        if (Line(obx, order))
        {
            return;
        }

        var isSeveral = _scope.Profile.RepeatedValues == RepeatedValues.Observations && obx[5].RepetitionCount > 1 && !ReportText.IsText(obx) && !obx[2].Is("NA");
        var id = Id(obx, order);
        for (var n = 1; n <= (isSeveral ? obx[5].RepetitionCount : 1); n++)
        {
            _scope.Repetition = isSeveral ? n : 0;
            One(obx, order, about, n == 1 ? id : BusinessId.Of("Observation", id, $"value {n}"));
        }

        _scope.Repetition = 0;
    }

    private void One(Hl7Segment obx, Order? order, ResourceDraft? about, string id)
    {
        var isOfSpecimen = walk.Specimen is not null && (walk.MessageCode != "OUL" || order is null);

        // U: the status changes, the value was sent before and stays.
        var mode = obx[11].Is("U") ? TranslationMode.Merge : TranslationMode.Replace;
        var draft = _scope.Resources.GetOrAdd("Observation", id, mode, out var isNew);
        if (!isNew)
        {
            walk.Noted = draft;
            return;
        }

        draft.Time = order?.Report?.Time;
        _scope.Assembled?.Key(draft, obx, 3, 4);
        draft.Content.Put("category", order?.Category is { } category ? new JsonArray(category) : null);
        draft.Content.Put("subject", walk.Patient?.Reference());
        draft.Content.Put("encounter", walk.Encounter?.Reference());
        _scope.Maps["OBX-Observation"].Run(obx, draft, _scope);
        draft.Content["code"] ??= DataAbsent.Unknown();
        if (order?.Category is not null)
        {
            _scope.Assembled?.Said(draft, "category", order.Obr, 24);
        }

        if (ResultCategory.OfCode(draft.Content["code"] as JsonObject, _scope) is { } known)
        {
            draft.Content["category"] = new JsonArray(known);
        }

        Performer(obx, draft);
        Status(obx, order, draft);
        Effective(obx, order, draft);
        Specimen(obx, order, draft, isOfSpecimen);
        Below(obx, order, about, draft, isOfSpecimen);
        _pressures.Take(order, draft);
        if (obx[2].Is("ED") || obx[2].Is("RP"))
        {
            MediaAssembly.Take(draft, order, _scope);
        }

        PatientFacts.Take(draft.Content, walk.Patient, _scope);
        _text = ReportText.IsText(obx) ? (order, FhirText.Code(obx[3][1]), draft) : default;
        walk.Noted = draft;
    }

    // Text cut into lines, where the feed's profile has them joined.
    private bool Line(Hl7Segment obx, Order? order)
    {
        if (_scope.Profile.TextLines == TextLines.Separate || !ReportText.IsText(obx))
        {
            return false;
        }

        if (_scope.Profile.TextLines == TextLines.PresentedForm)
        {
            if (order?.Report is null || walk.Specimen is not null)
            {
                return false;
            }

            ReportText.Add(order, obx, _scope);
            walk.Noted = null;
            return true;
        }

        if (_text.Draft is not { } open || _text.Order != order || _text.Code != FhirText.Code(obx[3][1]))
        {
            return false;
        }

        var before = (string?)open.Content["valueString"];
        open.Content["valueString"] = before is null ? ReportText.Line(obx) is { Length: > 0 } line ? line : null : $"{before}\n{ReportText.Line(obx)}";
        ReportText.MarkRead(obx, _scope);
        return true;
    }

    // A result of the report, or of the parent's result; an answer to a question at order entry (OBX-29 QST, SCI) and what comes with an
    // order informs the request; what comes with a vaccination or an administration is part of it.
    private static void Below(Hl7Segment obx, Order? order, ResourceDraft? about, ResourceDraft draft, bool isOfSpecimen)
    {
        if (order is null)
        {
            switch (about?.Type)
            {
                case "MedicationRequest":
                    about.Content.Append("supportingInformation", draft.Reference());
                    break;
                case "MedicationAdministration" or "MedicationDispense" or "Immunization":
                    draft.Content["partOf"] = new JsonArray(about.Reference());
                    break;
            }

            return;
        }

        if (isOfSpecimen)
        {
            return;
        }

        order.Results.Add((FhirText.Code(obx[3][1]), FhirText.String(obx[4].Text), draft));
        var isAnswer = obx[29].Is("QST") || obx[29].Is("SCI");
        var (resource, list) = order.Report is { } report && !(isAnswer && order.Request is not null) ? (report, "result") : (order.Request, "supportingInfo");
        resource?.Content.Append(list, draft.Reference());
        order.ParentResult?.Content.Append("hasMember", draft.Reference());
    }

    // OBX-23 and OBX-24 are the laboratory, OBX-25 its director: together a role there.
    private void Performer(Hl7Segment obx, ResourceDraft draft)
    {
        var organization = XonToOrganization.Draft(obx[23].Repetition(1), _scope);
        if (organization is not null)
        {
            OrganizationContact.Complete(organization, obx[24], default, _scope);
        }

        var director = XcnToPractitioner.Draft(obx[25].Repetition(1), _scope);
        if (director is not null)
        {
            var role = XcnToPractitionerRole.Role(director, organization, MedicalDirector, _scope);
            var reference = XcnToPractitioner.Reference(director);
            reference["reference"] = $"PractitionerRole/{role.Id}";
            draft.Content.Append("performer", reference);
        }
        else if (organization is not null)
        {
            draft.Content.Append("performer", XonToOrganization.Reference(organization));
        }
    }

    private void Status(Hl7Segment obx, Order? order, ResourceDraft draft)
    {
        var content = draft.Content;
        if (content["status"] is null)
        {
            // No status of its own: that of its report.
            var result = order is null ? null : FhirText.Code(order.Obr[25]);
            draft.Presume("status", JsonValue.Create((result is null ? null : _scope.Maps.ObservationStatus.Find(result)?.Code) ?? "unknown"));
            if (result is not null)
            {
                _scope.Assembled?.Said(draft, "status", order!.Obr, 25);
            }
        }

        var isCancelled = obx[11].Is("X");
        if (isCancelled)
        {
            content["_status"] = new JsonObject
            {
                ["extension"] = new JsonArray(new JsonObject
                {
                    ["url"] = AlternateCodes,
                    ["valueCodeableConcept"] = new JsonObject
                    {
                        ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v2-0085", ["code"] = "X" }),
                    },
                }),
            };
        }

        var isNotAsked = obx[11].Is("N");
        if ((isCancelled || isNotAsked) && !HasValue(content))
        {
            content["dataAbsentReason"] = new JsonObject
            {
                ["coding"] = new JsonArray(new JsonObject { ["system"] = DataAbsentReason, ["code"] = isNotAsked ? "not-asked" : "unknown" }),
            };
        }
    }

    private static bool HasValue(JsonObject content) => content.Any(static p => p.Key == "component" || p.Key.StartsWith("value", StringComparison.Ordinal));

    // Without a time of its own an observation has that of its order (OBR-7, OBR-8).
    private void Effective(Hl7Segment obx, Order? order, ResourceDraft draft)
    {
        if (!draft.Content.ContainsKey("effectiveDateTime") && order?.Report is { } report)
        {
            draft.Content.Put("effectiveDateTime", report.Content["effectiveDateTime"]?.DeepClone());
            draft.Content.Put("effectivePeriod", report.Content["effectivePeriod"]?.DeepClone());
            _scope.Assembled?.Said(draft, draft.Content.ContainsKey("effectivePeriod") ? "effectivePeriod" : "effectiveDateTime", order.Obr, 7);
        }
    }

    private void Specimen(Hl7Segment obx, Order? order, ResourceDraft draft, bool isOfSpecimen)
    {
        if (isOfSpecimen)
        {
            draft.Content["focus"] = new JsonArray(walk.Specimen!.Reference());
            draft.Content["specimen"] = walk.Specimen.Reference();
            return;
        }

        if ((EiToIdentifier.Key(obx[33][2], _scope) ?? EiToIdentifier.Key(obx[33][1], _scope)) is { } number)
        {
            var id = BusinessId.Of("Specimen", number.System ?? $"{number.Scope(_scope)}|{walk.Patient?.Id}", number.Value);
            var identifier = new JsonObject();
            identifier.Put("system", number.System);
            identifier["value"] = number.Value;
            draft.Content["specimen"] = _scope.Resources.Find("Specimen", id)?.Reference() ?? new JsonObject { ["identifier"] = identifier };
        }
        else if ((order?.FirstSpecimen ?? walk.Specimen) is { } specimen)
        {
            draft.Content["specimen"] = specimen.Reference();
        }
    }

    /// <summary>By order, code (OBX-3) and sub-id (OBX-4), counted where that is not enough; without an order by patient, code and time, or by the order above that has no OBR.</summary>
    private string Id(Hl7Segment obx, Order? order)
    {
        var code = FhirText.Code(obx[3][1]) ?? FhirText.Code(obx[3][4]) ?? FhirText.String(obx[3][2]);
        var what = $"{(walk.Specimen is not null ? "specimen" : "")}|{code}|{FhirText.String(obx[4].Text)}";
        if (order is not null)
        {
            var occurrence = order.Occurrence(what);
            return BusinessId.Of("Observation", order.Key, what, occurrence == 1 ? null : $"{occurrence}");
        }

        // In a patient or visit group the same measurement at the same time is the same; elsewhere its place in the message counts.
        var when = walk.OpenOrder ?? (walk.MessageCode is "ADT" or "ORU" ? FhirText.String(obx[14]) : null) ?? _scope.Key;
        var key = $"{walk.Patient?.Id}|{what}|{when}";
        var times = _alone[key] = _alone.GetValueOrDefault(key) + 1;
        return BusinessId.Of("Observation", "alone", key, times == 1 ? null : $"{times}");
    }
}
