using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// Episodes of care by their number: of a visit (PV1-54 and PV1-53), a problem (PRB-5) or a goal (GOL-5); and what was diagnosed in them (DG1).
/// Their status is not said anywhere: it is presumed.
/// </summary>
internal static class EpisodeAssembly
{
    public static void Run(Hl7Segment pv1, ResourceDraft encounter, ResourceDraft patient, MessageScope scope)
    {
        if (CxToIdentifier.Key(pv1[54].Repetition(1), scope) is { } number)
        {
            var draft = Draft(number, encounter, patient, scope, out var isNew);
            scope.Maps["PV1-EpisodeOfCare"].Run(pv1, isNew ? draft : scope.Scratch(draft), scope);
        }
    }

    /// <summary>Of an EI, such as PRB-5; null if it is empty.</summary>
    public static ResourceDraft? Of(Hl7Element number, ResourceDraft? encounter, ResourceDraft patient, MessageScope scope)
    {
        if (EiToIdentifier.Key(number, scope) is not { } key)
        {
            return null;
        }

        var draft = Draft(key, encounter, patient, scope, out var isNew);
        if (isNew)
        {
            draft.Content.Append("identifier", EiToIdentifier.Identifier(number, null, scope));
        }

        return draft;
    }

    /// <summary>A diagnosis of the episode.</summary>
    public static void Diagnose(ResourceDraft episode, ResourceDraft condition) =>
        episode.Content.Append("diagnosis", new JsonObject { ["condition"] = condition.Reference() });

    /// <summary>DG1 in a visit that belongs to an episode: a diagnosis with role and rank.</summary>
    public static void Dg1(Hl7Segment dg1, ResourceDraft? encounter, ResourceDraft condition, MessageScope scope)
    {
        const string Type = "EpisodeOfCare/";
        if ((string?)encounter?.Content["episodeOfCare"]?[0]?["reference"] is not { } reference || scope.Resources.Find("EpisodeOfCare", reference[Type.Length..]) is not { } episode)
        {
            return;
        }

        var made = scope.Scratch("EpisodeOfCare");
        scope.Maps["DG1-EpisodeOfCare"].Run(dg1, made, scope);
        var entry = made.Content["diagnosis"]?[0]?.DeepClone() as JsonObject ?? [];
        entry["condition"] = condition.Reference();
        episode.Content.Append("diagnosis", entry);
    }

    private static ResourceDraft Draft(IdentifierKey number, ResourceDraft? encounter, ResourceDraft patient, MessageScope scope, out bool isNew)
    {
        var draft = scope.Resources.GetOrAdd("EpisodeOfCare", BusinessId.Of("EpisodeOfCare", patient.Id, number.Scope(scope), number.Value), TranslationMode.Merge, out isNew);
        draft.Content["patient"] = patient.Reference();
        draft.Presume("status", JsonValue.Create("active"));
        if (encounter is not null)
        {
            encounter.Content["episodeOfCare"] = new JsonArray(draft.Reference());
        }

        return draft;
    }
}
