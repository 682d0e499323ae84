using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>PLN -> Identifier of a practitioner: the number, its type (table 0338), the state or authority that gave it, until when it holds.</summary>
internal static class PlnToIdentifier
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        if (Key(value) is not { } key)
        {
            return default;
        }

        var identifier = new JsonObject();
        identifier.Put("type", CweToCodeableConcept.Concept(value[2], scope.Maps.Table("PractitionerIDNumberType"), scope));
        identifier.Put("system", key.System);
        identifier["value"] = key.Value;
        identifier.Put("period", PeriodOf.Dates(default, value[4], scope));
        if (FhirText.String(value[3]) is { } state)
        {
            identifier["assigner"] = new JsonObject { ["display"] = state };
        }

        return identifier;
    }

    /// <summary>Only the national number has a system that everyone knows. Null without a number.</summary>
    public static IdentifierKey? Key(Hl7Element pln) =>
        FhirText.String(pln[1]) is { } number ? new IdentifierKey(FhirText.Code(pln[2]) == "NPI" ? "http://hl7.org/fhir/sid/us-npi" : null, number) : null;
}
