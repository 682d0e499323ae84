using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>
/// XTN -> ContactPoint. XTN.12 (unformatted), else the parts 5 to 8, else XTN.1; an e-mail address is XTN.4. The row's constant is
/// the use of a number that says none.
/// </summary>
internal static class XtnToContactPoint
{
    private const string Country = "http://hl7.org/fhir/StructureDefinition/contactpoint-country";
    private const string Area = "http://hl7.org/fhir/StructureDefinition/contactpoint-area";
    private const string Local = "http://hl7.org/fhir/StructureDefinition/contactpoint-local";
    private const string Extension = "http://hl7.org/fhir/StructureDefinition/contactpoint-extension";

    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) => ContactPoint(value, row.Constant, scope);

    public static JsonObject? ContactPoint(Hl7Element value, string? use, MessageScope scope)
    {
        var equipment = FhirText.Code(value[3]);
        var email = FhirText.String(value[4]);
        var isEmail = equipment is "Internet" or "X.400" || (equipment is null && email is not null);
        var number = isEmail ? email ?? FhirText.String(value[1]) : FhirText.String(value[12]) ?? Parts(value) ?? FhirText.String(value[1]) ?? email;
        if (number is null)
        {
            return null;
        }

        var point = new JsonObject();
        if (!isEmail)
        {
            point.Extend(Country, "valueString", FhirText.String(value[5]));
            point.Extend(Area, "valueString", FhirText.String(value[6]));
            point.Extend(Local, "valueString", FhirText.String(value[7]));
            point.Extend(Extension, "valueString", FhirText.String(value[8]));
        }

        var kind = equipment is null ? null : scope.Maps.EquipmentType.Find(equipment)?.Code;
        point.Put("system", isEmail ? "email" : kind switch { "mobile" => "phone", null => LooksLikeEmail(number) ? "email" : "phone", _ => kind });
        point["value"] = number;
        point.Put("use", FhirText.Code(value[2]) is { } sent ? scope.Maps.TelecommunicationUse.Find(sent)?.Code ?? (kind == "mobile" ? "mobile" : null) : kind == "mobile" ? "mobile" : use);
        point.Put("period", PeriodOf.Dates(value[13], value[14], scope));
        if (value[18].TryGetInt32(out var rank) && rank > 0)
        {
            point["rank"] = rank;
        }

        return point;
    }

    private static bool LooksLikeEmail(string text) => text.Contains('@', StringComparison.Ordinal);

    private static string? Parts(Hl7Element value)
    {
        if (FhirText.String(value[7]) is not { } local)
        {
            return null;
        }

        var country = FhirText.String(value[5]);
        var text = FhirText.String(value[6]) is { } area ? $"{area} {local}" : local;
        if (country is not null)
        {
            text = $"{(country.StartsWith('+') ? "" : "+")}{country} {text}";
        }

        return FhirText.String(value[8]) is { } extension ? $"{text} X{extension}" : text;
    }
}
