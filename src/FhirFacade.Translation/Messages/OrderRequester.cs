using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>Who asks for it: ORC-12, else the detail segment's own field; with the ordering facility (ORC-21 to 23), if it is named, as a role there.</summary>
internal static class OrderRequester
{
    public static void Put(Hl7Segment? orc, Hl7Element otherwise, ResourceDraft request, MessageScope scope)
    {
        var person = orc is { } order && order[12].HasValue ? order[12] : otherwise;
        var practitioner = XcnToPractitioner.Draft(person.Repetition(1), scope);
        var facility = orc is { } common ? XonToOrganization.Draft(common[21].Repetition(1), scope) : null;
        if (facility is not null && orc is { } at)
        {
            OrganizationContact.Complete(facility, at[22], at[23], scope);
        }

        if (practitioner is not null && orc is { } by && by[24].HasValue && !practitioner.Content.ContainsKey("address"))
        {
            practitioner.Content.Append("address", XadToAddress.Address(by[24].Repetition(1), scope));
        }

        request.Content.Put("requester", (practitioner, facility) switch
        {
            (null, null) => null,
            ({ } who, null) => XcnToPractitioner.Reference(who),
            (null, { } where) => XonToOrganization.Reference(where),
            ({ } who, { } where) => Role(who, where, scope),
        });
    }

    private static JsonObject Role(ResourceDraft practitioner, ResourceDraft facility, MessageScope scope)
    {
        var reference = XcnToPractitioner.Reference(practitioner);
        reference["reference"] = $"PractitionerRole/{XcnToPractitionerRole.Role(practitioner, facility, null, scope).Id}";
        return reference;
    }
}
