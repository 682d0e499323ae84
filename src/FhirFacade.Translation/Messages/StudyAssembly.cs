using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>CTI -> ResearchStudy, supporting information of the order for which it was sent.</summary>
internal static class StudyAssembly
{
    public static void Cti(Hl7Segment cti, ResourceDraft? order, MessageScope scope)
    {
        order = order?.Type is "MedicationRequest" or "ServiceRequest" ? order : null;
        if (EiToIdentifier.Key(cti[1], scope) is not { } number)
        {
            return;
        }

        var draft = scope.Resources.GetOrAdd("ResearchStudy", BusinessId.Of("ResearchStudy", number.Scope(scope), number.Value), TranslationMode.Merge, out var isNew);
        scope.Maps["CTI-ResearchStudy"].Run(cti, isNew ? draft : scope.Scratch(draft), scope);
        draft.Presume("status", JsonValue.Create("active"));
        order?.Content.Append(order.Type == "MedicationRequest" ? "supportingInformation" : "supportingInfo", draft.Reference());
    }
}
