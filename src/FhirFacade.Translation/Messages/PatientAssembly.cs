using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>PID, PD1, NK1 -> Patient and RelatedPerson.</summary>
internal sealed class PatientAssembly(MessageWalk walk)
{
    private static readonly string[] Reachable = ["name", "telecom", "address", "organization"];

    private readonly MessageScope _scope = walk.Scope;
    private bool _isRepeated;

    /// <summary>A new patient group begins: nothing of the one before belongs to it.</summary>
    public void Pid(Hl7Segment pid)
    {
        walk.Encounter = null;
        walk.Order = null;
        walk.Specimen = null;
        walk.Noted = null;
        string id;
        if (PatientIdentity.Of(pid, _scope) is { } key)
        {
            id = PatientIdentity.Id(key, _scope);
        }
        else
        {
            // Without any identifier this message's patient can never be found again, nor mistaken for another.
            _scope.Warn(Table0357.RequiredFieldMissing, $"{pid.Location}-3", "an identifier of the patient");
            id = BusinessId.Of("Patient", "message", _scope.Key, pid.Location);
        }

        var draft = _scope.Resources.GetOrAdd("Patient", id, TranslationMode.Merge, out var isNew);
        _isRepeated = !isNew;
        walk.Patient = draft;
        _scope.Assembled?.Key(draft, pid, pid[3].HasValue ? 3 : pid[2].HasValue ? 2 : pid[4].HasValue ? 4 : 19);
        _scope.Maps["PID-Patient"].Run(pid, isNew ? draft : _scope.Scratch(draft), _scope);

        PatientProvenance.Pid(walk, pid, draft);

        // A29: the person's record is deleted. The resource stays, for what refers to it.
        if (walk is { MessageCode: "ADT", Event: "A29" })
        {
            draft.Content["active"] = false;
        }
    }

    public void Pd1(Hl7Segment pd1)
    {
        if (walk.Patient is { } patient)
        {
            _scope.Segment = pd1;
            ProtectionFlag.Of(pd1[12], "The patient's information is protected", patient, null, _scope);
            LivingWill.Pd1(pd1, patient, _scope);
            _scope.Maps["PD1-Patient"].Run(pd1, _isRepeated ? _scope.Scratch(patient) : patient, _scope);
        }
    }

    /// <summary>A person (RelatedPerson and Patient.contact), or an organisation that is only a contact (employer, agency, insurer).</summary>
    public void Nk1(Hl7Segment nk1)
    {
        walk.Noted = null;
        if (walk.Patient is not { } patient)
        {
            return;
        }

        var contacts = _isRepeated ? _scope.Scratch(patient) : patient;
        _scope.Maps["NK1-Patient"].Run(nk1, contacts, _scope);
        RemoveUnreachable(contacts.Content);
        if (nk1[3][1].Raw is var kind && (kind.SequenceEqual("EMR"u8) || kind.SequenceEqual("E"u8) || kind.SequenceEqual("F"u8) || kind.SequenceEqual("I"u8) || kind.SequenceEqual("S"u8)))
        {
            _scope.Maps["NK1-RelatedPerson"].Run(nk1, _scope.Scratch("RelatedPerson"), _scope);
            return;
        }

        var id = RelatedPersonId(nk1, patient);
        if (id is null)
        {
            Nameless(nk1, patient);
            return;
        }

        var draft = _scope.Resources.GetOrAdd("RelatedPerson", id, TranslationMode.Merge, out var isNew) is var made && isNew ? made : _scope.Scratch("RelatedPerson");
        draft.Content["patient"] = patient.Reference();
        _scope.Maps["NK1-RelatedPerson"].Run(nk1, draft, _scope);
    }

    // Neither name nor relationship: known by all that the segment says, if it says anything.
    private void Nameless(Hl7Segment nk1, ResourceDraft patient)
    {
        var draft = new ResourceDraft("RelatedPerson", BusinessId.Of("RelatedPerson", patient.Id, "content", BusinessId.OfBytes(nk1.Raw)), TranslationMode.Merge, _scope.Sender.Source);
        draft.Content["patient"] = patient.Reference();
        if (_scope.Maps["NK1-RelatedPerson"].Run(nk1, draft, _scope) && _scope.Resources.Find(draft.Type, draft.Id) is null)
        {
            _scope.Resources.Adopt(draft);
        }
    }

    // A contact has a name, an address, a number or an organisation (pat-1).
    private static void RemoveUnreachable(JsonObject patient)
    {
        if (patient["contact"] is not JsonArray { Count: > 0 } contacts || contacts[^1] is not JsonObject last || Reachable.Any(last.ContainsKey))
        {
            return;
        }

        contacts.RemoveAt(contacts.Count - 1);
        if (contacts.Count == 0)
        {
            patient.Remove("contact");
        }
    }

    // By identifier, else by name and relationship, else by relationship alone; always within the patient.
    private string? RelatedPersonId(Hl7Segment nk1, ResourceDraft patient)
    {
        var key = PatientIdentity.Best(nk1[33], _scope) ?? PatientIdentity.Best(nk1[12], _scope);
        if (key is { } identified)
        {
            return BusinessId.Of("RelatedPerson", patient.Id, identified.Scope(_scope), identified.Value);
        }

        var name = XpnToHumanName.Name(nk1[2].Repetition(1), 1, _scope) ?? XpnToHumanName.Name(nk1[30].Repetition(1), 1, _scope);
        var relationship = FhirText.Code(nk1[3][1]) ?? FhirText.String(nk1[3][2]);
        return name is not null ? RelatedRole.Id(patient, name, relationship)
            : relationship is not null ? BusinessId.Of("RelatedPerson", patient.Id, null, relationship)
            : null;
    }
}
