using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>IAM-14, IAM-15: who reported the allergy; IAM-17: how sure it is, and whether it still is one (table 0438); IAM-27: a
/// further code of the substance.</summary>
internal static class AllergyReport
{
    private const string Clinical = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
    private const string Verification = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";

    public static void Iam(Hl7Segment iam, ResourceDraft allergy, ResourceDraft patient, MessageScope scope)
    {
        Reporter(iam, allergy, patient, scope);
        Further(iam, allergy, scope);
        if (iam[6][1].Is("D") || FhirText.Code(iam[17][1]) is not { } code)
        {
            return;
        }

        // An allergy that was entered in error has no clinical status (ait-2).
        if (code == "E")
        {
            allergy.Content["clinicalStatus"] = null;
        }
        else if (code == "I")
        {
            allergy.Content["clinicalStatus"] = Concept(Clinical, "inactive", iam[17], scope);
            return;
        }

        var status = code switch { "C" => "confirmed", "E" => "entered-in-error", "D" or "P" or "S" or "U" => "unconfirmed", _ => null };
        if (status is null)
        {
            scope.Warn(Table0357.TableValueNotFound, iam[17].Location, "a code of table 0438");
            return;
        }

        allergy.Content["verificationStatus"] = Concept(Verification, status, iam[17], scope);
    }

    // The patient (SEL), a relative by name and relationship, else just a name.
    private static void Reporter(Hl7Segment iam, ResourceDraft allergy, ResourceDraft patient, MessageScope scope)
    {
        if (iam[15][1].Is("SEL"))
        {
            allergy.Content["recorder"] = patient.Reference();
            return;
        }

        if (XpnToHumanName.Name(iam[14].Repetition(1), 1, scope) is not { } name)
        {
            return;
        }

        var display = XcnToPractitioner.Display(new JsonObject { ["name"] = new JsonArray(name.DeepClone()) });
        if ((FhirText.Code(iam[15][1]) ?? FhirText.String(iam[15][2])) is not { } relationship)
        {
            allergy.Content.Put("recorder", display is null ? null : new JsonObject { ["display"] = display });
            return;
        }

        var person = scope.Resources.GetOrAdd("RelatedPerson", RelatedRole.Id(patient, name, relationship), TranslationMode.Merge, out var isNew);
        if (isNew)
        {
            person.Content["patient"] = patient.Reference();
            person.Content["name"] = new JsonArray(name);
            person.Content.Append("relationship", CweToCodeableConcept.Concept(iam[15], scope.Maps.Relationship, scope));
        }

        allergy.Content["recorder"] = person.Reference(display);
    }

    // IAM-27: the substance as a clinician coded it, beside IAM-3.
    private static void Further(Hl7Segment iam, ResourceDraft allergy, MessageScope scope)
    {
        if (CweToCodeableConcept.Concept(iam[27], null, scope)?["coding"] is not JsonArray codings)
        {
            return;
        }

        if (allergy.Content["code"] is not JsonObject code)
        {
            allergy.Content["code"] = code = [];
        }

        foreach (var coding in codings)
        {
            code.Append("coding", coding!.DeepClone());
        }
    }

    private static JsonObject Concept(string system, string code, Hl7Element sent, MessageScope scope)
    {
        var concept = CweToCodeableConcept.Concept(sent, null, scope) ?? [];
        var codings = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code });
        foreach (var coding in concept["coding"] as JsonArray ?? [])
        {
            codings.Add(coding!.DeepClone());
        }

        concept["coding"] = codings;
        return concept;
    }
}
