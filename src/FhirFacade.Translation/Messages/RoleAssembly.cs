using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// ROL, PRT -> who takes part in what stands before them: the patient's general practitioner or care team, the visit's participants, the
/// procedure's performers, the care team of a problem. One that is deleted (action DE, D) is read and takes no part.
/// </summary>
internal static class RoleAssembly
{
    /// <param name="walk">The walk.</param>
    /// <param name="segment">ROL or PRT.</param>
    /// <param name="about">Patient, Encounter, Procedure, Condition or Goal; null if the segment stands elsewhere.</param>
    public static void Run(MessageWalk walk, Hl7Segment segment, ResourceDraft? about)
    {
        if (about is null)
        {
            return;
        }

        var scope = walk.Scope;
        var isRol = segment.Is("ROL");
        var (role, person, organization, address) = isRol ? (segment[3], segment[4], segment[14], segment[11]) : (segment[4], segment[5], segment[8], segment[14]);
        var isDeleted = segment[2].Is("DE") || segment[2].Is("D");
        var practitioner = XcnToPractitioner.Draft(person.Repetition(1), scope);
        var employer = XonToOrganization.Draft(organization.Repetition(1), scope);
        if (practitioner is null && employer is null)
        {
            return;
        }

        Contact(practitioner ?? employer!, address, scope);
        var code = FhirText.Code(role[1]);
        var draft = XcnToPractitionerRole.Role(practitioner, employer, code, scope);
        var target = draft.Content.ContainsKey("code") ? scope.Scratch(draft) : draft;
        scope.Maps[$"{segment.Name}-PractitionerRole"].Run(segment, target, scope);
        if (isDeleted)
        {
            return;
        }

        var reference = practitioner is null ? XonToOrganization.Reference(employer!) : XcnToPractitioner.Reference(practitioner);
        switch (about.Type)
        {
            case "Patient" when code == "PP":
                about.Content.Append("generalPractitioner", AsRole(reference, draft));
                break;
            case "Encounter":
                Add(segment, about, "Encounter", "participant", "individual", AsRole(reference, draft), null, scope);
                break;
            case "Procedure":
                Add(segment, about, "Procedure", "performer", "actor", AsRole(reference, draft), null, scope);
                break;
            default:
                var problem = about.Type is "Condition" or "Goal" ? about : null;
                var behalf = practitioner is null ? null : employer;
                Add(segment, CareTeams.Of(scope, walk.Patient!, problem), "CareTeam", "participant", "member", reference, behalf, scope);
                break;
        }
    }

    private static JsonObject AsRole(JsonObject reference, ResourceDraft role)
    {
        reference["reference"] = $"PractitionerRole/{role.Id}";
        return reference;
    }

    private static void Add(Hl7Segment segment, ResourceDraft to, string map, string list, string element, JsonObject who, ResourceDraft? onBehalfOf, MessageScope scope)
    {
        var made = scope.Scratch(map);
        scope.Maps[$"{segment.Name}-{map}"].Run(segment, made, scope);
        var entry = made.Content[list]?[0]?.DeepClone() as JsonObject ?? [];
        entry[element] = who;
        entry.Put("onBehalfOf", onBehalfOf is null ? null : XonToOrganization.Reference(onBehalfOf));
        to.Content.Append(list, entry);
    }

    private static void Contact(ResourceDraft whose, Hl7Element address, MessageScope scope) =>
        OrganizationContact.Complete(whose, address, default, scope);
}
