using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>PRT that names a device (PRT-10, else PRT-16) -> Device; of the observation before it, if there is one.</summary>
internal static class ParticipantDevice
{
    /// <summary>Reads the device alone: who else takes part is another assembly's.</summary>
    public static void Prt(Hl7Segment prt, MessageWalk walk)
    {
        var scope = walk.Scope;
        if ((EiToIdentifier.Key(prt[10].Repetition(1), scope) ?? EiToIdentifier.Key(prt[16].Repetition(1), scope)) is not { } number)
        {
            return;
        }

        var draft = scope.Resources.GetOrAdd("Device", BusinessId.Of("Device", number.Scope(scope), number.Value), TranslationMode.Merge, out var isNew);
        scope.Maps["PRT-Device"].Run(prt, isNew ? draft : scope.Scratch(draft), scope);
        if (walk.Noted is { Type: "Observation" } observation && !observation.Content.ContainsKey("device"))
        {
            observation.Content["device"] = draft.Reference();
        }
    }
}
