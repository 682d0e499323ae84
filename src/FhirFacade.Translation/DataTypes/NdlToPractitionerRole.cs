using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>
/// NDL -> PractitionerRole. NDL.1 is the person, in sub-components; senders that put an XCN there (the person in components) are
/// understood too. The row's constant is the role.
/// </summary>
internal static class NdlToPractitionerRole
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        var name = value[1];
        var isXcn = name.SubcomponentCount <= 1 && value[2].HasValue && !Dtm.TryRead(value[2], out _);
        var practitioner = XcnToPractitioner.Draft(isXcn ? value : name, scope);
        if (practitioner is null)
        {
            return default;
        }

        var role = XcnToPractitionerRole.Role(practitioner, null, row.Constant, scope);
        var reference = XcnToPractitioner.Reference(practitioner);
        reference["reference"] = $"PractitionerRole/{role.Id}";
        if (!isXcn && PlToLocation.Of(value[7], value[4], value[5], value[6], value[10], value[11], scope) is { } location)
        {
            role.Content["location"] ??= new JsonArray(location.Reference((string?)location.Content["name"]));
        }

        return reference;
    }
}
