using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Referrals;

/// <summary>PRD -> Practitioner by number (PRD-7) or name, Organization (PRD-10), and the role of the one in the other.</summary>
internal static class ReferralProvider
{
    public static ResourceDraft? Practitioner(Hl7Segment prd, MessageScope scope)
    {
        var name = XpnToHumanName.Name(prd[2].Repetition(1), 1, scope);
        var number = PlnToIdentifier.Key(prd[7].Repetition(1));
        if (name is null && number is null)
        {
            return null;
        }

        var id = number is { } key
            ? BusinessId.Of("Practitioner", key.Scope(scope), key.Value)
            : BusinessId.Of("Practitioner", "name", scope.Sender.Facility, (string?)name!["family"], name["given"]?.ToJsonString());
        var draft = scope.Resources.GetOrAdd("Practitioner", id, TranslationMode.Merge, out var isNew);
        scope.Maps["PRD-Practitioner"].Run(prd, isNew ? draft : scope.Scratch(draft), scope);
        return draft;
    }

    public static ResourceDraft? Organization(Hl7Segment prd, MessageScope scope)
    {
        // XON from version 2.7.1 on; before, PRD-10 was a name alone.
        var draft = XonToOrganization.Draft(prd[10].Repetition(1), scope);
        if (draft is not null)
        {
            OrganizationContact.Complete(draft, prd[11], prd[13], scope);
        }

        return draft;
    }

    /// <summary>Null if PRD names nobody.</summary>
    public static ResourceDraft? Role(Hl7Segment prd, ResourceDraft? practitioner, ResourceDraft? organization, MessageScope scope)
    {
        if (practitioner is null && organization is null)
        {
            return null;
        }

        var draft = XcnToPractitionerRole.Role(practitioner, organization, FhirText.Code(prd[1][1]), scope);
        scope.Maps["PRD-PractitionerRole"].Run(prd, draft.Content.ContainsKey("code") ? scope.Scratch(draft) : draft, scope);
        return draft;
    }
}
