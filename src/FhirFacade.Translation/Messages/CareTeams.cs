using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.Messages;

/// <summary>Care teams: one a patient, and one for each problem that has its own.</summary>
internal static class CareTeams
{
    /// <summary>The patient's, or that of one of the patient's conditions.</summary>
    public static ResourceDraft Of(MessageScope scope, ResourceDraft patient, ResourceDraft? problem)
    {
        var draft = scope.Resources.GetOrAdd("CareTeam", BusinessId.Of("CareTeam", patient.Id, problem?.Id), TranslationMode.Merge, out var isNew);
        if (isNew)
        {
            draft.Content["subject"] = patient.Reference();
            draft.Presume("status", JsonValue.Create("active"));
            if (problem is { Type: "Condition" })
            {
                draft.Content["reasonReference"] = new JsonArray(problem.Reference());
            }
        }

        return draft;
    }
}
