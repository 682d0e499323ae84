using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>IN1 -> Coverage, its payor and its subscriber.</summary>
internal static class CoverageAssembly
{
    public static void Run(MessageWalk walk, Hl7Segment in1)
    {
        var scope = walk.Scope;
        walk.Noted = null;
        walk.Coverage = null;
        walk.Coverage = null;
        if (walk.Patient is not { } patient || !SaysAnything(in1))
        {
            return;
        }

        var draft = scope.Resources.GetOrAdd("Coverage", Id(in1, patient, scope), TranslationMode.Merge, out var isNew);
        if (!isNew)
        {
            draft = scope.Scratch(draft);
        }

        walk.Coverage = draft;
        draft.Content["beneficiary"] = patient.Reference();
        scope.Maps["IN1-Coverage"].Run(in1, draft, scope);

        // A class has a value; a name for a group number that cannot be read has no place.
        if (draft.Content["class"] is JsonArray classes && classes[0]!["value"] is null)
        {
            draft.Content.Remove("class");
        }

        Payor(in1, draft, scope);
        Subscriber(in1, draft, patient, scope);
        draft.Presume("status", JsonValue.Create("active"));
        draft.Presume("payor", new JsonArray(DataAbsent.Unknown()));
    }

    // A number of the segment alone is no coverage.
    private static bool SaysAnything(Hl7Segment in1)
    {
        for (var field = 2; field <= in1.FieldCount; field++)
        {
            if (in1[field].HasValue)
            {
                return true;
            }
        }

        return false;
    }

    // By plan, insurer and policy; a position (IN1-1) only if nothing else tells two coverages apart.
    private static string Id(Hl7Segment in1, ResourceDraft patient, MessageScope scope)
    {
        var plan = FhirText.Code(in1[2][1]) ?? FhirText.String(in1[2][2]);
        var insurer = FhirText.String(in1[3][1]) ?? FhirText.String(in1[4][1]);
        var policy = FhirText.String(in1[36]) ?? FhirText.String(in1[49]) ?? FhirText.String(in1[8]);
        return plan is null && insurer is null && policy is null
            ? BusinessId.Of("Coverage", patient.Id, "position", FhirText.String(in1[1]), scope.Key)
            : BusinessId.Of("Coverage", patient.Id, plan, insurer, policy);
    }

    private static void Payor(Hl7Segment in1, ResourceDraft coverage, MessageScope scope)
    {
        var name = FhirText.String(in1[4][1]);
        var key = CxToIdentifier.Key(in1[3].Repetition(1), scope) ?? XonNumber(in1[4], scope);
        if (XonToOrganization.Named(name, key, null, scope) is not { } payor)
        {
            return;
        }

        coverage.Content["payor"] = new JsonArray(XonToOrganization.Reference(payor));
        OrganizationContact.Complete(payor, in1[5], in1[7], scope);
    }

    private static IdentifierKey? XonNumber(Hl7Element xon, MessageScope scope) =>
        (FhirText.String(xon[10]) ?? FhirText.String(xon[3])) is { } number ? new IdentifierKey(HdToUri.Uri(xon[6], scope) ?? IdentifierKey.DefaultSystem(scope), number) : null;

    private static void Subscriber(Hl7Segment in1, ResourceDraft coverage, ResourceDraft patient, MessageScope scope)
    {
        coverage.Content.Put("relationship", CweToCodeableConcept.Concept(in1[17].Repetition(1), scope.Maps.Relationship, scope));
        if (in1[17][1].Is("SEL") || in1[17][1].Is("01") || in1[17][1].Is("18"))
        {
            coverage.Content["subscriber"] = patient.Reference();
            return;
        }

        if (XpnToHumanName.Name(in1[16].Repetition(1), 1, scope) is not { } name)
        {
            return;
        }

        var id = BusinessId.Of("RelatedPerson", patient.Id, "subscriber", (string?)name["family"], name["given"]?.ToJsonString());
        var person = scope.Resources.GetOrAdd("RelatedPerson", id, TranslationMode.Merge, out var isNew);
        if (isNew)
        {
            person.Content["patient"] = patient.Reference();
            person.Content["name"] = new JsonArray(name);
            person.Content.Append("address", XadToAddress.Address(in1[19].Repetition(1), scope));
            person.Content.Put("birthDate", DtmToDateTime.Read(in1[18], scope, out var born) ? born.ToDate() : null);
            person.Content.Put("gender", FhirText.Code(in1[43]) is { } sex ? scope.Maps.AdministrativeSex.Find(sex)?.Code : null);
        }

        coverage.Content["subscriber"] = person.Reference();
    }
}
