using System.Text.Json.Nodes;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>PV1-54 and PV1-53 -> EpisodeOfCare of the visit, by its number. Its status is not said anywhere: it is presumed.</summary>
internal static class EpisodeAssembly
{
    public static void Run(Hl7Segment pv1, ResourceDraft encounter, ResourceDraft patient, MessageScope scope)
    {
        if (CxToIdentifier.Key(pv1[54].Repetition(1), scope) is not { } number)
        {
            return;
        }

        var draft = scope.Resources.GetOrAdd("EpisodeOfCare", BusinessId.Of("EpisodeOfCare", patient.Id, number.Scope(scope), number.Value), TranslationMode.Merge, out var isNew);
        scope.Maps["PV1-EpisodeOfCare"].Run(pv1, isNew ? draft : scope.Scratch(draft), scope);
        draft.Content["patient"] = patient.Reference();
        draft.Presume("status", JsonValue.Create("active"));
        encounter.Content["episodeOfCare"] = new JsonArray(draft.Reference());
    }
}
