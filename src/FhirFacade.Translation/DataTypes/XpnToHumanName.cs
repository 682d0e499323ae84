using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>
/// XPN -> HumanName. Also of XCN, whose name components stand one further on and whose type and dates have other numbers. The
/// row's constant is the use of a name whose type says none. XPN.15 (called by) becomes a name of its own.
/// </summary>
internal static class XpnToHumanName
{
    private const string OwnPrefix = "http://hl7.org/fhir/StructureDefinition/humanname-own-prefix";
    private const string OwnName = "http://hl7.org/fhir/StructureDefinition/humanname-own-name";
    private const string PartnerPrefix = "http://hl7.org/fhir/StructureDefinition/humanname-partner-prefix";
    private const string PartnerName = "http://hl7.org/fhir/StructureDefinition/humanname-partner-name";
    private const string AssemblyOrder = "http://hl7.org/fhir/StructureDefinition/humanname-assembly-order";

    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        var name = Name(value, 1, scope);
        if (name is not null && row.Constant is { } use && !name.ContainsKey("use"))
        {
            name["use"] = use;
        }

        if (FhirText.String(value[15]) is not { } calledBy)
        {
            return name;
        }

        var nickname = new JsonObject { ["use"] = "nickname", ["given"] = new JsonArray(calledBy) };
        return name is null ? nickname : new JsonArray(name, nickname);
    }

    /// <summary>XPN -> string, such as "Ann Marie Miller".</summary>
    public static Mapped Text(Hl7Element value, MapRow row, MessageScope scope)
    {
        var parts = new[] { FhirText.String(value[5]), FhirText.String(value[2]), FhirText.String(value[3]), FhirText.String(value[1]), FhirText.String(value[4]) };
        var text = string.Join(' ', parts.Where(static p => p is not null));
        return text.Length == 0 ? default(Mapped) : text;
    }

    /// <summary>Null if no part of a name is there.</summary>
    /// <param name="value">The XPN or XCN.</param>
    /// <param name="first">Number of its family name: 1 in XPN, 2 in XCN.</param>
    /// <param name="scope">The message.</param>
    public static JsonObject? Name(Hl7Element value, int first, MessageScope scope)
    {
        var isXpn = first == 1;
        var name = new JsonObject();
        var family = value[first];
        name.Put("family", FhirText.String(family));
        if (family.SubcomponentCount > 1)
        {
            name.Put("_family", Family(family));
        }

        Append(name, "given", value[first + 1]);
        Append(name, "given", value[first + 2]);
        Append(name, "prefix", value[first + 4]);
        Append(name, "suffix", value[first + 3]);
        if (isXpn)
        {
            Append(name, "suffix", value[6]);
        }

        Append(name, "suffix", value[isXpn ? 14 : 21]);
        if (name.Count == 0)
        {
            return null;
        }

        name.Put("use", Use(value[isXpn ? 7 : 10], scope));
        name.Put("period", PeriodOf.Dates(value[isXpn ? 12 : 19], value[isXpn ? 13 : 20], scope)
            ?? PeriodOf.Dates(value[isXpn ? 10 : 17].Subcomponent(1), value[isXpn ? 10 : 17].Subcomponent(2), scope));
        name.Extend(AssemblyOrder, "valueCode", FhirText.Code(value[isXpn ? 11 : 18]) is { } order && order is "G" or "F" ? FhirText.Code(value[isXpn ? 11 : 18]) : null);
        return name;
    }

    private static string? Use(Hl7Element type, MessageScope scope) =>
        FhirText.Code(type) is { } code ? scope.Maps.NameType.Find(code)?.Code : null;

    private static JsonObject? Family(Hl7Element family)
    {
        var parts = new JsonObject();
        parts.Extend(OwnPrefix, "valueString", FhirText.String(family.Subcomponent(2)));
        parts.Extend(OwnName, "valueString", FhirText.String(family.Subcomponent(3)));
        parts.Extend(PartnerPrefix, "valueString", FhirText.String(family.Subcomponent(4)));
        parts.Extend(PartnerName, "valueString", FhirText.String(family.Subcomponent(5)));
        return parts.OrNull();
    }

    private static void Append(JsonObject name, string list, Hl7Element part) => name.Append(list, FhirText.String(part) is { } text ? JsonValue.Create(text) : null);
}
