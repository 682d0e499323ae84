using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>Address and telephone of an organisation, which stand in other fields than its name.</summary>
internal static class OrganizationContact
{
    /// <summary>Adds what it does not have yet. An organisation's address or number is never a home one (org-2, org-3).</summary>
    public static void Complete(ResourceDraft organization, Hl7Element address, Hl7Element telecom, MessageScope scope)
    {
        Add(organization.Content, "address", XadToAddress.Address(address.Repetition(1), scope));
        Add(organization.Content, "telecom", XtnToContactPoint.ContactPoint(telecom.Repetition(1), null, scope));
    }

    private static void Add(JsonObject organization, string element, JsonObject? contact)
    {
        if (contact is null || organization.ContainsKey(element))
        {
            return;
        }

        if ((string?)contact["use"] == "home")
        {
            contact.Remove("use");
        }

        organization[element] = new JsonArray(contact);
    }
}
