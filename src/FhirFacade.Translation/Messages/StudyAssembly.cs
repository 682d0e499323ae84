using System.Text.Json.Nodes;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>CTI -> ResearchStudy, named by the order for which it was sent.</summary>
internal static class StudyAssembly
{
    private const string Url = "http://hl7.org/fhir/StructureDefinition/workflow-researchStudy";

    public static void Cti(Hl7Segment cti, ResourceDraft? order, MessageScope scope)
    {
        if (EiToIdentifier.Key(cti[1], scope) is not { } number)
        {
            return;
        }

        var draft = scope.Resources.GetOrAdd("ResearchStudy", BusinessId.Of("ResearchStudy", number.Scope(scope), number.Value), TranslationMode.Merge, out var isNew);
        scope.Maps["CTI-ResearchStudy"].Run(cti, isNew ? draft : scope.Scratch(draft), scope);
        draft.Presume("status", JsonValue.Create("active"));
        order?.Content.Extend(Url, "valueReference", draft.Reference());
    }
}
