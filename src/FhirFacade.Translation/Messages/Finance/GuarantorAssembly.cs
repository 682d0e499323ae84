using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Finance;

/// <summary>GT1 -> the patient (relationship SEL), a RelatedPerson, or an Organization that pays.</summary>
internal static class GuarantorAssembly
{
    /// <summary>Null if GT1 names nobody.</summary>
    public static ResourceDraft? Run(MessageWalk walk, Hl7Segment gt1)
    {
        var scope = walk.Scope;
        if (walk.Patient is not { } patient)
        {
            return null;
        }

        if (gt1[11][1].Is("SEL") || gt1[11][1].Is("SLF"))
        {
            foreach (var field in new[] { 1, 3, 11 })
            {
                scope.Use.Read(gt1, field);
            }

            return patient;
        }

        var name = XpnToHumanName.Name(gt1[3].Repetition(1), 1, scope);
        var organization = FhirText.String(gt1[21][1]);
        var number = CxToIdentifier.Key(gt1[2].Repetition(1), scope);
        if (name is null && organization is not null)
        {
            return Organization(gt1, organization, scope);
        }

        if (name is null && number is null)
        {
            return null;
        }

        var id = number is { } key
            ? BusinessId.Of("RelatedPerson", patient.Id, "guarantor", key.Scope(scope), key.Value)
            : BusinessId.Of("RelatedPerson", patient.Id, "guarantor", ((string?)name!["family"])?.ToUpperInvariant(), name["given"]?.ToJsonString().ToUpperInvariant());
        var draft = scope.Resources.GetOrAdd("RelatedPerson", id, TranslationMode.Merge, out var isNew);
        var target = isNew ? draft : scope.Scratch(draft);
        target.Content["patient"] = patient.Reference();
        scope.Maps["GT1-RelatedPerson"].Run(gt1, target, scope);
        target.Content.Append("relationship", Coded.Concept("http://terminology.hl7.org/CodeSystem/v3-RoleClass", "GUAR", "guarantor"));
        return draft;
    }

    private static ResourceDraft Organization(Hl7Segment gt1, string name, MessageScope scope)
    {
        var draft = XonToOrganization.Named(name, CxToIdentifier.Key(gt1[2].Repetition(1), scope), null, scope)!;
        var made = scope.Scratch(draft);
        scope.Maps["GT1-Organization"].Run(gt1, made, scope);
        OrganizationContact.Complete(draft, gt1[5], gt1[7], scope);
        return draft;
    }
}
