using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>
/// XCN -> PractitionerRole of a Practitioner; the value is a Reference to it. The row's constant is the role, as
/// <c>system|code</c>.
/// </summary>
internal static class XcnToPractitionerRole
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        if (XcnToPractitioner.Draft(value, scope) is not { } practitioner)
        {
            return default;
        }

        // Reports name the same observer in every OBX; the row's constant tells the roles of one person apart.
        var kind = row.Constant ?? "";
        var role = scope.Named.Find(kind, value);
        if (role is null)
        {
            role = Role(practitioner, null, row.Constant, scope);
            scope.Named.Add(kind, value, role);
        }

        return role.Reference(XcnToPractitioner.Display(practitioner.Content));
    }

    /// <summary>The role: by practitioner, organisation and code.</summary>
    public static ResourceDraft Role(ResourceDraft? practitioner, ResourceDraft? organization, string? role, MessageScope scope)
    {
        var id = BusinessId.Of("PractitionerRole", practitioner?.Id, organization?.Id, role);
        var draft = scope.Resources.GetOrAdd("PractitionerRole", id, TranslationMode.Merge, out var isNew);
        if (!isNew)
        {
            return draft;
        }

        draft.Content.Put("practitioner", practitioner is null ? null : XcnToPractitioner.Reference(practitioner));
        draft.Content.Put("organization", organization is null ? null : XonToOrganization.Reference(organization));
        if (role is not null && role.Split('|') is [var system, var code])
        {
            draft.Content["code"] = new JsonArray(new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) });
        }

        return draft;
    }
}
