using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// PID with MRG. Where patients merge, the survivor's link replaces, the prior Patient is no longer active and links to the survivor, and what
/// referred to it follows. An inverse merge undoes it: the survivor is made active, and there is one link between two patients. Where patients
/// or visits get another number, or move, they and what refers to them follow.
/// </summary>
internal sealed class MergeAssembly(MessageWalk walk)
{
    private readonly MessageScope _scope = walk.Scope;
    private readonly List<(Hl7Segment Mrg, ResourceDraft Patient)> _visits = [];
    private int _merges;

    private string Event => walk.MessageCode == "ADT" ? walk.Event : "";

    // A18 merge patient information, A30 person, A34 patient id, A36 patient id and account, A39/A40 person/patient by list.
    private bool IsPatientMerge => Event is "A18" or "A30" or "A34" or "A36" or "A39" or "A40";

    // A46 change patient id, A47 change identifier list: one patient, whose number was wrong.
    private bool IsPatientRename => Event is "A46" or "A47";

    // A43 move patient information: all that is filed under an identifier is another patient's.
    private bool IsPatientMove => Event == "A43";

    // A42 merge visit, A45 move visit, A50 change visit number, A51 change alternate visit id.
    private bool IsVisitMove => Event is "A42" or "A45" or "A50" or "A51";

    public void Mrg(Hl7Segment mrg)
    {
        walk.Noted = null;
        if (walk.Patient is not { } survivor)
        {
            return;
        }

        if (IsVisitMove)
        {
            _scope.Use.Read(mrg, 1);
            _scope.Use.Read(mrg, 5);
            _scope.Use.Read(mrg, 6);
            _visits.Add((mrg, survivor));
        }
        else if (IsPatientMerge || IsPatientRename || IsPatientMove)
        {
            Patients(mrg, survivor);
        }
    }

    /// <summary>The visit of PV1 is what became of the one in the MRG before it.</summary>
    public void Visit(ResourceDraft encounter)
    {
        if (_visits.Count == 0)
        {
            return;
        }

        var (mrg, patient) = _visits[^1];
        _visits.RemoveAt(_visits.Count - 1);
        var former = PatientIdentity.Best(mrg[1], _scope) is { } prior ? PatientIdentity.Id(prior, _scope) : patient.Id;
        var id = (PatientIdentity.Best(mrg[5], _scope) ?? PatientIdentity.Best(mrg[6], _scope)) is { } number ? VisitAssembly.Id(number, former, _scope) : encounter.Id;
        if (id == encounter.Id)
        {
            walk.Moves.Add(new ReferenceMove("Encounter", id, id, former, patient.Id));
            return;
        }

        // The old number goes on as an identifier of the visit; the resource that had it is no visit of its own.
        var old = CxToIdentifier.Identifier(mrg[5].HasValue ? mrg[5].Repetition(1) : mrg[6].Repetition(1), "VN", _scope);
        encounter.Content.Append("identifier", old?.DeepClone());
        var rest = Remainder("Encounter", id, old);
        rest["status"] = "entered-in-error";
        rest["class"] = DataAbsent.Unknown();
        rest["subject"] = patient.Reference();
        walk.Moves.Add(new ReferenceMove("Encounter", id, encounter.Id, former, patient.Id) { Remainder = rest.ToObject() });
    }

    // What stands in the place of a resource that has another number now.
    private JsonObject Remainder(string type, string id, JsonNode? identifier)
    {
        var rest = new JsonObject { ["resourceType"] = type, ["id"] = id, ["meta"] = new JsonObject { ["source"] = _scope.Sender.Source } };
        rest.Put("identifier", identifier is null or JsonArray { Count: 0 } ? null : identifier is JsonArray ? identifier : new JsonArray(identifier));
        return rest;
    }

    /// <summary>A merge that names no prior patient is an error of its sender.</summary>
    public void Finish()
    {
        if ((IsPatientMerge || IsPatientRename || IsPatientMove) && _merges == 0 && !_scope.Message.SegmentsNamed("MRG").Any())
        {
            _scope.Error(Table0357.SegmentSequence, "MRG", "an MRG segment after PID");
        }
    }

    private void Patients(Hl7Segment mrg, ResourceDraft survivor)
    {
        _scope.Use.Read(mrg, 1);
        var key = PatientIdentity.Best(mrg[1], _scope);
        if (key is null && (key = PatientIdentity.Best(mrg[4], _scope)) is not null)
        {
            _scope.Use.Read(mrg, 4);
        }

        if (key is not { } prior)
        {
            _scope.Error(Table0357.RequiredFieldMissing, $"{mrg.Location}-1", "the identifier of the patient that is merged away");
            return;
        }

        _merges++;
        var id = PatientIdentity.Id(prior, _scope);
        if (id == survivor.Id)
        {
            Same(mrg);
            return;
        }

        if (IsPatientMerge)
        {
            Merge(mrg, id, survivor);
        }

        var move = new ReferenceMove("Patient", id, survivor.Id, id, survivor.Id);
        walk.Moves.Add(IsPatientRename ? move with { Remainder = Rename(mrg, id, survivor).ToObject() } : move);
    }

    // A move within one identifier is between the superior ones (PID-2 and MRG-4), and those are no patients of their own here.
    private void Same(Hl7Segment mrg)
    {
        if (IsPatientMove && mrg[4].HasValue)
        {
            _scope.Use.Read(mrg, 4);
        }
        else
        {
            _scope.Warn(Table0357.DuplicateKeyIdentifier, $"{mrg.Location}-1", "another identifier than the surviving patient's");
        }
    }

    private void Merge(Hl7Segment mrg, string id, ResourceDraft survivor)
    {
        var draft = _scope.Resources.GetOrAdd("Patient", id, TranslationMode.Merge, out var isNew);
        _scope.Assembled?.Key(draft, mrg, mrg[1].HasValue ? 1 : 4);
        _scope.Assembled?.Said(draft, "active", mrg, mrg[1].HasValue ? 1 : 4);
        draft.Content["active"] = false;
        draft.Content["link"] = new JsonArray(PatientLink.To(survivor, "replaced-by"));
        if (isNew)
        {
            draft.Content["identifier"] = Identifiers(mrg[1].HasValue ? mrg[1] : mrg[4]);
            draft.Presumed("identifier");
            if (XpnToHumanName.Name(mrg[7].Repetition(1), 1, _scope) is { } name)
            {
                _scope.Use.Read(mrg, 7);
                draft.Content["name"] = new JsonArray(name);
                draft.Presumed("name");
            }
        }

        survivor.Content["active"] = true;
        survivor.Content.Append("link", PatientLink.To(draft, "replaces"));
    }

    // Patient and number are told apart here: the patient goes on, and the old number leads there.
    private JsonObject Rename(Hl7Segment mrg, string id, ResourceDraft survivor)
    {
        survivor.Content.Append("link", new JsonObject { ["other"] = new JsonObject { ["reference"] = $"Patient/{id}" }, ["type"] = "replaces" });
        var rest = Remainder("Patient", id, Identifiers(mrg[1].HasValue ? mrg[1] : mrg[4]));
        rest["active"] = false;
        rest["link"] = new JsonArray(PatientLink.To(survivor, "replaced-by"));
        return rest;
    }

    private JsonArray Identifiers(Hl7Element list)
    {
        var identifiers = new JsonArray();
        foreach (var cx in list.Repetitions)
        {
            if (CxToIdentifier.Identifier(cx, null, _scope) is { } identifier)
            {
                identifiers.Add(identifier);
            }
        }

        return identifiers;
    }
}
