using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// SFT -> MessageHeader.source, and a Device that Provenance names: the first is the software that wrote the message (its source), each later one has
/// changed it on its way (derivation).
/// </summary>
internal static class SoftwareAssembly
{
    public static void Sft(MessageWalk walk, Hl7Segment sft, ResourceDraft header)
    {
        var scope = walk.Scope;
        var isFirst = sft.Ordinal == 1;
        scope.Maps["SFT-MessageHeader"].Run(sft, isFirst ? header : scope.Scratch(header), scope);
        var (vendor, product) = (FhirText.String(sft[1][1]) ?? FhirText.String(sft[1][10]), FhirText.String(sft[3]));
        if (vendor is null && product is null)
        {
            return;
        }

        var device = scope.Resources.GetOrAdd("Device", BusinessId.Of("Device", "software", vendor, product, FhirText.String(sft[2]), FhirText.String(sft[4])), TranslationMode.Merge, out var isNew);
        scope.Maps["SFT-Device"].Run(sft, isNew ? device : scope.Scratch(device), scope);
        walk.Software.Add(new JsonObject { ["role"] = isFirst ? "source" : "derivation", ["what"] = device.Reference(product) });
    }
}
