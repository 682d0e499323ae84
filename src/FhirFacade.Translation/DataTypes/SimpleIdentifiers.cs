using System.Text.Json.Nodes;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>ST (social security number), DLN, EI, EIP, CWE -> Identifier. The row's constant is the type of table 0203.</summary>
internal static class SimpleIdentifiers
{
    public const string SocialSecurity = "http://hl7.org/fhir/sid/us-ssn";

    /// <summary>ST -> Identifier of US social security numbers.</summary>
    public static Mapped Ssn(Hl7Element value, MapRow row, MessageScope scope) =>
        FhirText.String(value) is { } number
            ? new JsonObject { ["type"] = IdentifierType.Concept("SS"), ["system"] = SocialSecurity, ["value"] = number }
            : default(Mapped);

    /// <summary>DLN -> Identifier of a driver's licence.</summary>
    public static Mapped Dln(Hl7Element value, MapRow row, MessageScope scope)
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

    /// <summary>EI -> Identifier.</summary>
    public static Mapped Ei(Hl7Element value, MapRow row, MessageScope scope) => Ei(value, row.Constant, scope);

    public static JsonObject? Ei(Hl7Element value, string? type, MessageScope scope)
    {
        if (EiKey(value, scope) is not { } key)
        {
            return null;
        }

        var identifier = new JsonObject();
        identifier.Put("type", IdentifierType.Concept(type));
        identifier.Put("system", key.System);
        identifier.Put("value", key.Value);
        return identifier;
    }

    /// <summary>EIP.1, the placer's, typed by the row.</summary>
    public static Mapped EipPlacer(Hl7Element value, MapRow row, MessageScope scope) => Ei(value[1], row.Constant ?? "PGN", scope);

    /// <summary>EIP.2, the filler's, typed by the row.</summary>
    public static Mapped EipFiller(Hl7Element value, MapRow row, MessageScope scope) => Ei(value[2], row.Constant ?? "FGN", scope);

    /// <summary>ORC-4, an EI up to version 2.7, an EIP from 2.8: the placer's group number.</summary>
    public static Mapped GroupPlacer(Hl7Element value, MapRow row, MessageScope scope) => Ei(IsPair(value, scope) ? value[1] : value, row.Constant, scope);

    /// <summary>ORC-4 where it is an EIP: the filler's group number.</summary>
    public static Mapped GroupFiller(Hl7Element value, MapRow row, MessageScope scope) => IsPair(value, scope) ? Ei(value[2], row.Constant, scope) : null;

    /// <summary>CWE -> Identifier: the code and its coding system.</summary>
    public static Mapped Cwe(Hl7Element value, MapRow row, MessageScope scope)
    {
        if (FhirText.String(value[1]) is not { } code)
        {
            return default;
        }

        var identifier = new JsonObject();
        identifier.Put("type", IdentifierType.Concept(row.Constant));
        identifier.Put("system", Codes.SystemUris.OfCodeSystem(FhirText.String(value[3])));
        identifier.Put("value", code);
        return identifier;
    }

    private static bool IsPair(Hl7Element value, MessageScope scope) =>
        !value[3].HasValue && !value[4].HasValue
        && (value[1].SubcomponentCount > 1 || value[2].SubcomponentCount > 1 || string.CompareOrdinal(scope.Message.Version, "2.8") >= 0);

    /// <summary>EI.2 is the namespace, EI.3 and EI.4 the universal id: read as an HD that starts one component later.</summary>
    public static IdentifierKey? EiKey(Hl7Element value, MessageScope scope) =>
        FhirText.String(value[1]) is { } number
            ? new IdentifierKey(
                Codes.SystemUris.OfAuthority(FhirText.String(value[2]), FhirText.String(value[3]), FhirText.String(value[4])) ?? IdentifierKey.DefaultSystem(scope),
                number)
            : null;
}
