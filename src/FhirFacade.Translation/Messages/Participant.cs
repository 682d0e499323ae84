using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>Whom ROL or PRT names: a practitioner, their organisation, and the role of one at the other.</summary>
/// <param name="Practitioner">ROL-4, PRT-5.</param>
/// <param name="Employer">ROL-14, PRT-8.</param>
/// <param name="Role">The role.</param>
internal sealed record Participant(ResourceDraft? Practitioner, ResourceDraft? Employer, ResourceDraft Role)
{
    /// <summary>Null if it names neither person nor organisation.</summary>
    public static Participant? Of(Hl7Segment segment, MessageScope scope)
    {
        var isRol = segment.Is("ROL");
        var (role, person, organization, address, kind) = isRol
            ? (segment[3], segment[4], segment[14], segment[11], segment[10])
            : (segment[4], segment[5], segment[8], segment[14], segment[7]);
        var practitioner = XcnToPractitioner.Draft(person.Repetition(1), scope);
        var employer = XonToOrganization.Draft(organization.Repetition(1), scope);
        if (practitioner is null && employer is null)
        {
            return null;
        }

        Kind(segment, employer, kind, isRol ? 10 : 7, scope);
        OrganizationContact.Complete(Addressee(practitioner, employer, address), address, default, scope);
        return new Participant(practitioner, employer, XcnToPractitionerRole.Role(practitioner, employer, FhirText.Code(role[1]), scope));
    }

    /// <summary>The person, else the organisation.</summary>
    public JsonObject Reference() => Practitioner is null ? XonToOrganization.Reference(Employer!) : XcnToPractitioner.Reference(Practitioner);

    /// <summary>The role, shown as the person or organisation.</summary>
    public JsonObject AsRole()
    {
        var reference = Reference();
        reference["reference"] = $"PractitionerRole/{Role.Id}";
        return reference;
    }

    // XAD.7: a business or legal address is the organisation's, any other the person's.
    private static ResourceDraft Addressee(ResourceDraft? practitioner, ResourceDraft? employer, Hl7Element address) =>
        employer is not null && (practitioner is null || address[7].Is("B") || address[7].Is("BI") || address[7].Is("L")) ? employer : practitioner!;

    // ROL-10, PRT-7: what kind of organisation it is.
    private static void Kind(Hl7Segment segment, ResourceDraft? employer, Hl7Element kind, int field, MessageScope scope)
    {
        if (employer is not null && CweToCodeableConcept.Concept(kind, scope.Maps.Table("ParticipantOrganizationUnitType"), scope) is { } type)
        {
            scope.Use.Read(segment, field);
            if (!employer.Content.ContainsKey("type"))
            {
                employer.Content["type"] = new JsonArray(type);
            }
        }
    }
}
