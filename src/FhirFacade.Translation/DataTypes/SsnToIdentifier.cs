using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>ST -> Identifier of the US social security number.</summary>
internal static class SsnToIdentifier
{
    public const string System = "http://hl7.org/fhir/sid/us-ssn";

    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) =>
        FhirText.String(value) is { } number
            ? new JsonObject { ["type"] = IdentifierType.Concept("SS"), ["system"] = System, ["value"] = number }
            : default(Mapped);
}
