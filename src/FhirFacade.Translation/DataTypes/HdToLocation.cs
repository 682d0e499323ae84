using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>HD -> Location of a site; the value is a Reference to it.</summary>
internal static class HdToLocation
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) =>
        PlToLocation.Site(value, scope) is { } site ? site.Reference(site.Content["name"]) : null;
}
