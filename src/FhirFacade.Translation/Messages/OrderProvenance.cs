using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>ORC -> Provenance of the order alone: who entered, verified, placed and did it, by which order control and when.</summary>
internal static class OrderProvenance
{
    /// <summary>Null if ORC names nobody: then the message's own Provenance says all there is.</summary>
    public static ResourceDraft? Of(Hl7Segment orc, MessageWalk walk)
    {
        var scope = walk.Scope;
        var draft = new ResourceDraft("Provenance", BusinessId.Of("Provenance", scope.Sender.Source, scope.Key, $"order {orc.Ordinal}"), TranslationMode.Replace, scope.Sender.Source);
        scope.Maps["ORC-Provenance"].Run(orc, draft, scope);
        if (!draft.Content.ContainsKey("agent"))
        {
            return null;
        }

        ProvenanceAssembly.Recorded(walk, draft.Content);
        return scope.Resources.Adopt(draft);
    }

    /// <summary>The order's resources are what it is about.</summary>
    public static void Target(ResourceDraft? provenance, ResourceDraft? target)
    {
        if (provenance is not null && target is not null)
        {
            provenance.Content.Append("target", target.Reference());
        }
    }

    /// <summary>A Provenance whose order made no resource is about the message.</summary>
    public static void Finish(MessageWalk walk)
    {
        foreach (var draft in walk.Scope.Resources.All)
        {
            if (draft.Type == "Provenance" && draft != walk.Provenance && !draft.Content.ContainsKey("target"))
            {
                draft.Content["target"] = new JsonArray(walk.Scope.Resources.All[0].Reference());
            }
        }
    }
}
