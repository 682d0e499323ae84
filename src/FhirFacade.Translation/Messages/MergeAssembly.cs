using System.Text.Json.Nodes;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// PID with MRG in messages that merge patients: the survivor's link replaces, the prior Patient is no longer active and links to
/// the survivor. An inverse merge undoes it, since the survivor is made active and its links are set anew.
/// </summary>
internal sealed class MergeAssembly(MessageWalk walk)
{
    private readonly MessageScope _scope = walk.Scope;
    private int _merges;

    // A18 merge patient information, A30 person, A34 patient id, A36 patient id and account, A39/A40 person/patient by list, A46/A47 change of id.
    private bool IsPatientMerge => walk.MessageCode == "ADT" && walk.Event is "A18" or "A30" or "A34" or "A36" or "A39" or "A40" or "A46" or "A47";

    public void Mrg(Hl7Segment mrg)
    {
        walk.Noted = null;
        if (!IsPatientMerge || walk.Patient is not { } survivor)
        {
            return;
        }

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
            _scope.Warn(Table0357.DuplicateKeyIdentifier, $"{mrg.Location}-1", "another identifier than the surviving patient's");
            return;
        }

        var draft = _scope.Resources.GetOrAdd("Patient", id, TranslationMode.Merge, out var isNew);
        draft.Content["active"] = false;
        draft.Content["link"] = new JsonArray(Link(survivor, "replaced-by"));
        if (isNew)
        {
            draft.Content["identifier"] = Identifiers(mrg[1].HasValue ? mrg[1] : mrg[4]);
            draft.Presumed("identifier");
        }

        survivor.Content["active"] = true;
        survivor.Content.Append("link", Link(draft, "replaces"));
    }

    /// <summary>A merge that names no prior patient is an error of its sender.</summary>
    public void Finish()
    {
        if (IsPatientMerge && _merges == 0 && !_scope.Message.SegmentsNamed("MRG").Any())
        {
            _scope.Error(Table0357.SegmentSequence, "MRG", "an MRG segment after PID");
        }
    }

    private static JsonObject Link(ResourceDraft other, string type) => new() { ["other"] = other.Reference(), ["type"] = type };

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
