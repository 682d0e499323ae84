using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>AL1, IAM -> AllergyIntolerance, by patient and substance (or IAM-7).</summary>
internal static class AllergyAssembly
{
    private const string ClinicalStatus = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
    private const string VerificationStatus = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";

    public static void Run(MessageWalk walk, Hl7Segment segment)
    {
        var scope = walk.Scope;
        walk.Noted = null;
        if (walk.Patient is not { } patient)
        {
            return;
        }

        var isIam = segment.Is("IAM");
        var number = isIam ? EiToIdentifier.Key(segment[7], scope) : null;
        var substance = FhirText.Code(segment[3][1]) ?? CweToString.Text(segment[3]);
        if (substance is null && number is null)
        {
            return;
        }

        var id = number is { } key
            ? BusinessId.Of("AllergyIntolerance", patient.Id, key.Scope(scope), key.Value)
            : BusinessId.Of("AllergyIntolerance", patient.Id, substance!.ToUpperInvariant(), FhirText.String(segment[3][3]));
        // IAM-6 X: nothing has changed, and nothing is said.
        var isNew = true;
        var draft = isIam && segment[6][1].Is("X")
            ? scope.Scratch("AllergyIntolerance")
            : scope.Resources.GetOrAdd("AllergyIntolerance", id, TranslationMode.Merge, out isNew);
        if (!isNew)
        {
            draft = scope.Scratch(draft);
        }

        // IAM-6: what is deleted was entered in error.
        if (isIam && segment[6][1].Is("D"))
        {
            draft.Content["clinicalStatus"] = null;
            draft.Content["verificationStatus"] = Status(VerificationStatus, "entered-in-error");
        }
        else
        {
            draft.Content["clinicalStatus"] = Status(ClinicalStatus, "active");
        }

        draft.Content["patient"] = patient.Reference();
        scope.Maps[isIam ? "IAM-AllergyIntolerance" : "AL1-AllergyIntolerance"].Run(segment, draft, scope);

        if (isIam)
        {
            AllergyReport.Iam(segment, draft, patient, scope);
        }

        // A reaction has a manifestation; a severity without one that can be read has no place.
        if (draft.Content["reaction"] is JsonArray reactions && reactions[0]!["manifestation"] is null)
        {
            draft.Content.Remove("reaction");
        }

        walk.Noted = draft;
    }

    private static JsonObject Status(string system, string code) =>
        new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) };
}
