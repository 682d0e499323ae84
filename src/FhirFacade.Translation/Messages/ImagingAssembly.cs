using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>IPC (imaging procedure control) below an OBR -> ImagingStudy that is registered for the order, by its study instance UID (IPC-3), else its accession (IPC-1).</summary>
internal static class ImagingAssembly
{
    public static void Ipc(MessageWalk walk, Hl7Segment ipc)
    {
        var scope = walk.Scope;
        var key = EiToIdentifier.Key(ipc[3].Repetition(1), scope) ?? EiToIdentifier.Key(ipc[1].Repetition(1), scope);
        if (walk.Patient is not { } patient || key is not { } number)
        {
            return;
        }

        var draft = scope.Resources.GetOrAdd("ImagingStudy", BusinessId.Of("ImagingStudy", patient.Id, number.Scope(scope), number.Value), TranslationMode.Merge, out var isNew);
        var target = isNew ? draft : scope.Scratch(draft);
        target.Presume("status", JsonValue.Create("registered"));
        target.Content["subject"] = patient.Reference();
        target.Content.Put("encounter", walk.Encounter?.Reference());
        scope.Maps["IPC-ImagingStudy"].Run(ipc, target, scope);
        if (FhirText.String(ipc[3][1]) is { } uid)
        {
            target.Content.Append("identifier", new JsonObject { ["system"] = "urn:dicom:uid", ["value"] = uid.StartsWith("urn:", StringComparison.Ordinal) ? uid : $"urn:oid:{uid}" });
            scope.Use.Read(ipc, 3);
        }

        if (walk.Order?.Request is { } request && isNew)
        {
            draft.Content.Append("basedOn", request.Reference());
        }

        if (walk.Order?.Report is { } report && isNew)
        {
            report.Content.Append("imagingStudy", draft.Reference());
        }
    }
}
