using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Codes;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>CWE, CE, ID -> Coding: the first triplet.</summary>
internal static class CweToCoding
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        var coding = Triplet(value, 1, 3, 7, 14);
        return coding.Code is not null
            ? Codings(coding, row.Table, scope)[0]
            : FhirText.String(value[2]) is { } display ? new JsonObject { ["display"] = display } : default(Mapped);
    }

    /// <summary>Reads code, text (the component after the code), system and version; a code-less triplet has no code.</summary>
    public static RawCoding Triplet(Hl7Element value, int code, int system, int version, int oid) =>
        Triplet(value, code, system, version, oid, value.ComponentCount);

    /// <param name="value">The CWE.</param>
    /// <param name="code">Number of the code's component.</param>
    /// <param name="system">Of its coding system.</param>
    /// <param name="version">Of the system's version.</param>
    /// <param name="oid">Of the system's OID.</param>
    /// <param name="components">How many components there are.</param>
    public static RawCoding Triplet(Hl7Element value, int code, int system, int version, int oid, int components)
    {
        return components >= code && FhirText.Code(value[code]) is { } text
            ? new RawCoding(text, Part(code + 1), Part(system), Part(version), Part(oid))
            : default;

        string? Part(int number) => number > components ? null : FhirText.String(value[number]);
    }

    /// <summary>
    /// The coding, or the one that the table maps it to and, where that says less, the original too; before them what the feed's concept maps
    /// make of the code as it was sent. At least one.
    /// </summary>
    public static JsonObject[] Codings(RawCoding coding, CodeTable? table, MessageScope scope)
    {
        var codings = OfTable(coding, table, scope.Maps.Systems);
        return scope.Maps.Translations is { } translations
            ? translations.Of(scope.Maps.Systems.OfCodeSystem(coding.System ?? coding.SystemOid ?? table?.V2Table), coding.Code!, codings)
            : codings;
    }

    private static JsonObject[] OfTable(RawCoding coding, CodeTable? table, SystemUris systems)
    {
        if (table is null || !table.Accepts(coding.System))
        {
            return [Json(coding, systems.OfCodeSystem(coding.System ?? coding.SystemOid))];
        }

        var target = table.Find(coding.Code!);
        if (target is null)
        {
            return [Json(coding, systems.OfCodeSystem(coding.System ?? coding.SystemOid))];
        }

        if (target.Code is null)
        {
            return [Json(coding with { Display = coding.Display ?? target.Display }, systems.OfCodeSystem(coding.System ?? table.V2Table))];
        }

        var mapped = new JsonObject();
        if (target.System is not null)
        {
            mapped["system"] = target.System;
        }

        mapped["code"] = target.Code;
        if ((target.Display ?? coding.Display) is { } display)
        {
            mapped["display"] = display;
        }

        var isSame = target.Code == coding.Code;
        return isSame ? [mapped] : [mapped, Json(coding, systems.OfCodeSystem(coding.System ?? table.V2Table))];
    }

    public static JsonObject Json(RawCoding coding, string? system)
    {
        var json = new JsonObject();
        if (system is not null)
        {
            json["system"] = system;
        }

        if (coding.Version is not null)
        {
            json["version"] = coding.Version;
        }

        json["code"] = coding.Code;
        if (coding.Display is not null)
        {
            json["display"] = coding.Display;
        }

        return json;
    }
}
