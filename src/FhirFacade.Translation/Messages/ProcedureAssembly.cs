using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;
using FhirFacade.Translation.Messages.Scheduling;

namespace FhirFacade.Translation.Messages;

/// <summary>PR1 -> Procedure, by its number (PR1-19), else by patient, visit, code and time.</summary>
internal static class ProcedureAssembly
{
    /// <summary>Null if there is no patient, or neither number nor code.</summary>
    public static ResourceDraft? Run(MessageWalk walk, Hl7Segment pr1)
    {
        var scope = walk.Scope;
        walk.Noted = null;
        if (walk.Patient is not { } patient)
        {
            return null;
        }

        var number = EiToIdentifier.Key(pr1[19], scope);
        var code = FhirText.Code(pr1[3][1]) ?? CweToString.Text(pr1[3]) ?? FhirText.String(pr1[4]);
        if (number is null && code is null)
        {
            return null;
        }

        var id = number is { } key
            ? BusinessId.Of("Procedure", patient.Id, key.Scope(scope), key.Value)
            : BusinessId.Of("Procedure", patient.Id, walk.Encounter?.Id, code!.ToUpperInvariant(), FhirText.String(pr1[3][3]), FhirText.String(pr1[5]));
        var draft = scope.Resources.GetOrAdd("Procedure", id, TranslationMode.Merge, out var isNew);
        walk.Noted = draft;
        var target = isNew ? draft : scope.Scratch(draft);
        target.Content["subject"] = patient.Reference();
        target.Content.Put("encounter", walk.Encounter?.Reference());
        scope.Maps["PR1-Procedure"].Run(pr1, target, scope);
        Performed(pr1, target.Content, scope);
        Modifiers(pr1, target.Content);
        Status(walk, pr1, target);
        return draft;
    }

    // PR1-7 counts minutes from PR1-5: a period if PR1-5 has a time.
    private static void Performed(Hl7Segment pr1, JsonObject content, MessageScope scope)
    {
        if (DtmToDateTime.Text(pr1[5], scope) is not { } start)
        {
            return;
        }

        if (start.Contains('T', StringComparison.Ordinal) && AppointmentTime.Later(start, AppointmentTime.Duration(pr1[7], default, scope)) is { } end)
        {
            content["performedPeriod"] = new JsonObject { ["start"] = start, ["end"] = end };
        }
        else
        {
            content["performedDateTime"] = start;
        }
    }

    // PR1-16: code and modifier together, as one more coding.
    private static void Modifiers(Hl7Segment pr1, JsonObject content)
    {
        if (content["code"]?["coding"] is not JsonArray { Count: > 0 } codings || codings[0]!["code"] is null)
        {
            return;
        }

        var (system, code) = ((string?)codings[0]!["system"], (string?)codings[0]!["code"]);
        foreach (var modifier in pr1[16].Repetitions)
        {
            if (FhirText.Code(modifier[1]) is { } text)
            {
                var coding = new JsonObject();
                coding.Put("system", system);
                coding["code"] = $"{code}:{text}";
                codings.Add(coding);
            }
        }
    }

    // What is billed or documented was done; in a referral or a schedule it may be still to come.
    private static void Status(MessageWalk walk, Hl7Segment pr1, ResourceDraft procedure)
    {
        if (pr1[20].Is("D"))
        {
            procedure.Content["status"] = "entered-in-error";
        }

        procedure.Presume("status", JsonValue.Create(walk.MessageCode is "ADT" or "BAR" or "DFT" or "PPR" ? "completed" : "unknown"));
    }
}
