using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>DLN -> Identifier of a driver's licence.</summary>
internal static class DlnToIdentifier
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        if (FhirText.String(value[1]) is not { } number)
        {
            return default;
        }

        var identifier = new JsonObject { ["type"] = IdentifierType.Concept("DL"), ["value"] = number };
        identifier.Put("period", PeriodOf.Dates(default, value[3], scope));
        if (FhirText.String(value[2]) is { } issuer)
        {
            identifier["assigner"] = new JsonObject { ["display"] = issuer };
        }

        return identifier;
    }
}
