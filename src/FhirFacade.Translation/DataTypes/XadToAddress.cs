using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>XAD, SAD -> Address. XAD.1 has sub-components from 2.5 on: street address, street name, house number.</summary>
internal static class XadToAddress
{
    private const string CensusTract = "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-censusTract";
    private const string OriginalUse = "http://hl7.org/fhir/StructureDefinition/iso21090-AD-use";

    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) => Address(value, scope);

    public static JsonObject? Address(Hl7Element value, MessageScope scope)
    {
        var address = new JsonObject();
        var street = value[1];
        for (var i = 1; i <= Math.Min(3, street.SubcomponentCount); i++)
        {
            Line(address, street.Subcomponent(i));
        }

        Line(address, value[2]);
        Line(address, value[19]);
        address.Put("city", FhirText.String(value[3]));
        address.Put("district", CweToString.Text(value[9]));
        address.Put("state", FhirText.String(value[4]));
        address.Put("postalCode", FhirText.String(value[5]));
        address.Put("country", FhirText.String(value[6]));
        Census(address, CweToString.Text(value[10]));
        if (address.Count == 0)
        {
            return null;
        }

        if (FhirText.Code(value[7]) is { } type)
        {
            address.Put("use", scope.Maps.AddressUse.Find(type)?.Code);
            address.Put("type", scope.Maps.AddressKind.Find(type)?.Code);
            address.Extend(OriginalUse, "valueCode", type == "HV" ? "HV" : null);
        }

        address.Put("period", PeriodOf.Dates(value[13], value[14], scope) ?? PeriodOf.Dates(value[12].Subcomponent(1), value[12].Subcomponent(2), scope));
        return address;
    }

    // R4 has the census tract on a line of the address; without one there is no place for it but the text.
    private static void Census(JsonObject address, string? tract)
    {
        if (tract is null)
        {
            return;
        }

        if (address["line"] is not JsonArray lines)
        {
            address["text"] = tract;
            return;
        }

        var siblings = new JsonArray(new JsonObject { ["extension"] = new JsonArray(new JsonObject { ["url"] = CensusTract, ["valueString"] = tract }) });
        for (var i = 1; i < lines.Count; i++)
        {
            siblings.Add(null);
        }

        address["_line"] = siblings;
    }

    private static void Line(JsonObject address, Hl7Element line) => address.Append("line", FhirText.String(line) is { } text ? JsonValue.Create(text) : null);
}
