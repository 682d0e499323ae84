using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>PV1, PV2 -> Encounter.</summary>
internal sealed class VisitAssembly(MessageWalk walk)
{
    private const string PlannedEnd = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate";

    private readonly MessageScope _scope = walk.Scope;
    private readonly List<ResourceDraft> _encounters = [];
    private bool _isRepeated;

    public void Pv1(Hl7Segment pv1)
    {
        walk.Noted = null;
        walk.Encounter = null;
        if (walk.Patient is not { } patient || !IsVisit(pv1))
        {
            return;
        }

        var draft = _scope.Resources.GetOrAdd("Encounter", Id(pv1, patient), TranslationMode.Merge, out var isNew);
        _isRepeated = !isNew;
        walk.Encounter = draft;
        _scope.Assembled?.Key(draft, pv1, pv1[19].HasValue ? 19 : pv1[50].HasValue ? 50 : 44);
        if (!isNew)
        {
            _scope.Maps["PV1-Encounter"].Run(pv1, _scope.Scratch(draft), _scope);
            return;
        }

        _encounters.Add(draft);
        draft.Content["subject"] = patient.Reference();
        _scope.Maps["PV1-Encounter"].Run(pv1, draft, _scope);
        ConfidentialityLabels.Vip(pv1, draft);
        if (pv1[40].HasValue && pv1[3][3].HasValue && PlToLocation.Of(pv1[3].Repetition(1), _scope) is { } bed)
        {
            _scope.Maps["PV1-Location"].Run(pv1, bed, _scope);
        }

        EpisodeAssembly.Run(pv1, draft, patient, _scope);
        EncounterStatus.Decide(walk, draft);
    }

    public void Pv2(Hl7Segment pv2)
    {
        if (walk.Encounter is { } encounter)
        {
            if (walk.Patient is { } patient)
            {
                _scope.Segment = pv2;
                ProtectionFlag.Of(pv2[22], "The visit is protected", patient, encounter, _scope);
            }

            _scope.Maps["PV2-Encounter"].Run(pv2, _isRepeated ? _scope.Scratch(encounter) : encounter, _scope);
        }
    }

    public void Finish()
    {
        foreach (var encounter in _encounters)
        {
            Cancel(encounter);
            encounter.Presume("class", DataAbsent.Unknown());
        }
    }

    // What was only expected and is called off: a discharge (A25), a transfer (A26).
    private void Cancel(ResourceDraft encounter)
    {
        switch (walk.MessageCode == "ADT" ? walk.Event : "")
        {
            case "A25":
                RemoveAll(encounter.Content, "extension", static e => (string?)e["url"] == PlannedEnd);
                encounter.Remove($"extension/{PlannedEnd}");
                break;
            case "A26":
                RemoveAll(encounter.Content, "location", static l => (string?)l["status"] is "planned" or "reserved");
                break;
        }
    }

    private static void RemoveAll(JsonObject content, string list, Func<JsonObject, bool> isGone)
    {
        if (content[list] is not JsonArray items)
        {
            return;
        }

        foreach (var item in items.OfType<JsonObject>().Where(isGone).ToList())
        {
            items.Remove(item);
        }

        if (items.Count == 0)
        {
            content.Remove(list);
        }
    }

    /// <summary>Of a visit number, which is believed within its patient if it names no authority.</summary>
    public static string Id(IdentifierKey number, string patientId, MessageScope scope) =>
        BusinessId.Of("Encounter", number.System ?? $"{number.Scope(scope)}|{patientId}", number.Value);

    // Class N (not applicable), or nothing but a set id and a class: the sender filled a required segment, there is no visit.
    private static bool IsVisit(Hl7Segment pv1)
    {
        if (pv1[19].HasValue || pv1[50].HasValue || pv1[44].HasValue)
        {
            return true;
        }

        if (pv1[2][1].Is("N"))
        {
            return false;
        }

        for (var field = 3; field <= pv1.FieldCount; field++)
        {
            if (pv1[field].HasValue)
            {
                return true;
            }
        }

        return pv1[2].HasValue;
    }

    /// <summary>
    /// By visit number (PV1-19, else PV1-50), within the patient if the number names no authority; else by patient and admission
    /// (PV1-44); else by patient and account (PID-18); else by this message.
    /// </summary>
    private string Id(Hl7Segment pv1, ResourceDraft patient)
    {
        if ((PatientIdentity.Best(pv1[19], _scope) ?? PatientIdentity.Best(pv1[50], _scope)) is { } number)
        {
            return Id(number, patient.Id, _scope);
        }

        if (Dtm.TryRead(pv1[44], out var admitted))
        {
            return BusinessId.Of("Encounter", patient.Id, "admitted", admitted.ToDateTime(_scope.Time));
        }

        if (_scope.Message.First("PID") is { } pid && PatientIdentity.Best(pid[18], _scope) is { } account)
        {
            return BusinessId.Of("Encounter", patient.Id, "account", account.Scope(_scope), account.Value);
        }

        return BusinessId.Of("Encounter", patient.Id, "message", _scope.Key);
    }
}
