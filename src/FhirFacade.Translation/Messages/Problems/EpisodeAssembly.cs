using System.Text.Json.Nodes;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Problems;

/// <summary>Episodes of care, by their number: of a visit (PV1-54), a problem (PRB-5) or a goal (GOL-5); and what was diagnosed in them (DG1).</summary>
internal static class EpisodeAssembly
{
    /// <summary>PV1-53 and PV1-54; the visit is part of it. Null if there is no episode.</summary>
    public static ResourceDraft? OfVisit(MessageWalk walk, Hl7Segment pv1)
    {
        if (walk.Encounter is not { } encounter || CxToIdentifier.Key(pv1[54], walk.Scope) is not { } number)
        {
            return null;
        }

        var draft = Draft(walk, number);
        walk.Scope.Maps["PV1-EpisodeOfCare"].Run(pv1, draft, walk.Scope);
        encounter.Content["episodeOfCare"] = new JsonArray(draft.Reference());
        return draft;
    }

    /// <summary>Of an EI; null if it is empty.</summary>
    public static ResourceDraft? OfNumber(MessageWalk walk, Hl7Segment segment, int field)
    {
        if (EiToIdentifier.Key(segment[field], walk.Scope) is not { } number)
        {
            return null;
        }

        var draft = Draft(walk, number);
        if (draft.Content["identifier"] is null)
        {
            draft.Content.Append("identifier", EiToIdentifier.Identifier(segment[field], null, walk.Scope));
        }

        if (walk.Encounter is { } encounter)
        {
            encounter.Content["episodeOfCare"] = new JsonArray(draft.Reference());
        }

        return draft;
    }

    /// <summary>A diagnosis of the episode, with role and rank if DG1 tells them.</summary>
    public static void Diagnose(ResourceDraft episode, ResourceDraft condition, JsonObject? details)
    {
        var entry = new JsonObject { ["condition"] = condition.Reference() };
        foreach (var (name, value) in details?.ToArray() ?? [])
        {
            entry[name] = value?.DeepClone();
        }

        episode.Content.Append("diagnosis", entry);
    }

    /// <summary>DG1 in a visit that belongs to an episode.</summary>
    public static void Dg1(MessageWalk walk, Hl7Segment dg1, ResourceDraft episode, ResourceDraft condition)
    {
        var made = walk.Scope.Scratch("EpisodeOfCare");
        walk.Scope.Maps["DG1-EpisodeOfCare"].Run(dg1, made, walk.Scope);
        Diagnose(episode, condition, made.Content["diagnosis"]?[0] as JsonObject);
    }

    private static ResourceDraft Draft(MessageWalk walk, IdentifierKey number)
    {
        var scope = walk.Scope;
        var id = BusinessId.Of("EpisodeOfCare", number.System ?? $"{number.Scope(scope)}|{walk.Patient?.Id}", number.Value);
        var draft = scope.Resources.GetOrAdd("EpisodeOfCare", id, TranslationMode.Merge, out var isNew);
        if (isNew)
        {
            draft.Content["patient"] = walk.Patient?.Reference() ?? DataAbsent.Unknown();
            draft.Presume("status", JsonValue.Create("active"));
        }

        return draft;
    }
}
