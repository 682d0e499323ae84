using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>
/// HD -> uri: the universal id where there is one (urn:oid:, urn:uuid:, a URI), since it is the same everywhere; else the namespace as a
/// local urn. Well-known authorities get the URI that FHIR knows them by.
/// </summary>
internal static class HdToUri
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) => Uri(value, scope);

    public static string? Uri(Hl7Element hd, MessageScope scope) =>
        !hd.HasValue ? null : scope.Maps.Systems.OfAuthority(FhirText.String(hd[1]), FhirText.String(hd[2]), FhirText.String(hd[3]));
}
