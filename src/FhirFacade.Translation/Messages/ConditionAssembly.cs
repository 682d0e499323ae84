using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>DG1 -> Condition, by its number (DG1-20), else by patient, visit and code; and an entry in Encounter.diagnosis.</summary>
internal static class ConditionAssembly
{
    public static void Run(MessageWalk walk, Hl7Segment dg1)
    {
        var scope = walk.Scope;
        walk.Noted = null;
        if (walk.Patient is not { } patient)
        {
            return;
        }

        var number = EiToIdentifier.Key(dg1[20], scope);
        var code = FhirText.Code(dg1[3][1]) ?? CweToString.Text(dg1[3]) ?? FhirText.String(dg1[4]);
        if (code is null && number is null)
        {
            return;
        }

        var id = number is { } key
            ? BusinessId.Of("Condition", patient.Id, key.Scope(scope), key.Value)
            : BusinessId.Of("Condition", patient.Id, walk.Encounter?.Id, code!.ToUpperInvariant(), FhirText.String(dg1[3][3]));
        var draft = scope.Resources.GetOrAdd("Condition", id, TranslationMode.Merge, out var isNew);
        var target = isNew ? draft : scope.Scratch(draft);
        if (dg1[21].Is("D"))
        {
            target.Content["verificationStatus"] = Concept("http://terminology.hl7.org/CodeSystem/condition-ver-status", "entered-in-error", null);
        }

        target.Content["category"] = new JsonArray(Concept("http://terminology.hl7.org/CodeSystem/condition-category", "encounter-diagnosis", "Encounter Diagnosis"));
        target.Content["subject"] = patient.Reference();
        target.Content.Put("encounter", walk.Encounter?.Reference());
        scope.Maps["DG1-Condition"].Run(dg1, target, scope);
        ConfidentialityLabels.Diagnosis(dg1, target, scope);
        if (walk.Encounter is { } encounter)
        {
            Diagnose(encounter, draft, dg1, scope);
        }

        Reason(walk.Order?.Request, draft);
        walk.Noted = draft;
    }

    // Below an order a diagnosis is why it was placed.
    private static void Reason(ResourceDraft? request, ResourceDraft condition)
    {
        if (request is not null && (request.Content["reasonReference"] as JsonArray)?.Any(r => (string?)r!["reference"] == $"Condition/{condition.Id}") != true)
        {
            request.Content.Append("reasonReference", condition.Reference());
        }
    }

    private static void Diagnose(ResourceDraft encounter, ResourceDraft condition, Hl7Segment dg1, MessageScope scope)
    {
        var made = scope.Scratch(encounter);
        scope.Maps["DG1-Encounter"].Run(dg1, made, scope);
        var entry = new JsonObject { ["condition"] = condition.Reference() };
        if (made.Content["diagnosis"] is JsonArray { Count: > 0 } list)
        {
            foreach (var (name, value) in ((JsonObject)list[0]!).ToArray())
            {
                entry[name] = value!.DeepClone();
            }
        }

        encounter.Content.Append("diagnosis", entry);
    }

    private static JsonObject Concept(string system, string code, string? display)
    {
        var coding = new JsonObject { ["system"] = system, ["code"] = code };
        coding.Put("display", display);
        return new JsonObject { ["coding"] = new JsonArray(coding) };
    }
}
