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
        var isDeleted = segment[2].Is("DE") || segment[2].Is("D");
        var (code, person) = isRol ? (segment[3], segment[4]) : (segment[4], segment[5]);
        if (RelatedRole.Is(code) && walk.Patient is { } patient)
        {
            Relative(walk, segment, about, isDeleted ? null : patient);
            return;
        }

        if (Participant.Of(segment, scope) is not { } who)
        {
            return;
        }

        Team(scope, segment, who.Role);
        if (isDeleted)
        {
            return;
        }

        var role = FhirText.Code(code[1]);
        switch (about.Type)
        {
            case "Patient" when role == "PP":
                about.Content.Append("generalPractitioner", who.AsRole());
                break;
            case "Encounter":
                Add(segment, about, "Encounter", "participant", "individual", who.AsRole(), null, scope);
                break;
            case "Procedure":
                Add(segment, about, "Procedure", "performer", "actor", who.AsRole(), null, scope);
                break;
            default:
                // A provider type (PRT-6) is one of the person in this role; without it the person is a member as such.
                var isOfType = !isRol && person.HasValue && segment[6].HasValue;
                Add(segment, Team(walk, about), "CareTeam", "participant", "member", isOfType ? who.AsRole() : who.Reference(), who.Practitioner is null ? null : who.Employer, scope);
                Reasons(segment, Team(walk, about), scope);
                break;
        }
    }

    private static void Relative(MessageWalk walk, Hl7Segment segment, ResourceDraft about, ResourceDraft? patient)
    {
        var scope = walk.Scope;
        var isRol = segment.Is("ROL");
        var (role, person) = isRol ? (segment[3], segment[4]) : (segment[4], segment[5]);
        if (patient is null || RelatedRole.Reference(scope, segment, role, person.Repetition(1), patient) is not { } who)
        {
            scope.Maps[$"{segment.Name}-RelatedPerson"].Run(segment, scope.Scratch("RelatedPerson"), scope);
            return;
        }

        switch (about.Type)
        {
            case "Encounter" when !role[1].Is("SEL"):
                Add(segment, about, "Encounter", "participant", "individual", who, null, scope);
                break;
            case "Procedure":
                Add(segment, about, "Procedure", "performer", "actor", who, null, scope);
                break;
            default:
                Add(segment, Team(walk, about), "CareTeam", "participant", "member", who, null, scope);
                break;
        }
    }

    // What a role is asked for by others in the message, its segment completes.
    private static void Team(MessageScope scope, Hl7Segment segment, ResourceDraft role)
    {
        var target = role.Content.ContainsKey("code") ? scope.Scratch(role) : role;
        scope.Maps[$"{segment.Name}-PractitionerRole"].Run(segment, target, scope);
        if (segment.Is("PRT"))
        {
            PreferredTelecom.Mark(target.Content["telecom"] as JsonArray, FhirText.Code(segment[23][1]));
            scope.Use.Read(segment, 23);
        }
    }

    private static ResourceDraft Team(MessageWalk walk, ResourceDraft about) =>
        CareTeams.Of(walk.Scope, walk.Patient!, about.Type is "Condition" or "Goal" ? about : null);

    // ROL-8 is why the team is there.
    private static void Reasons(Hl7Segment segment, ResourceDraft team, MessageScope scope)
    {
        var made = scope.Scratch("CareTeam");
        scope.Maps[$"{segment.Name}-CareTeam"].Run(segment, made, scope);
        foreach (var reason in made.Content["reasonCode"] as JsonArray ?? [])
        {
            team.Content.Append("reasonCode", reason!.DeepClone());
        }
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
}
