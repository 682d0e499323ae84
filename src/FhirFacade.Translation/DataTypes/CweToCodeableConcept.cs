using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Codes;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>
/// CWE, CE, CNE, CF, IS, ID, ST -> CodeableConcept: up to three codings. Where a table maps the first code, the mapped coding comes
/// first and the original stays beside it if it says something else. No code is dropped: unknown ones keep their own or a local system.
/// </summary>
internal static class CweToCodeableConcept
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) => Concept(value, row.Table, scope);

    public static JsonObject? Concept(Hl7Element value, CodeTable? table, MessageScope scope)
    {
        // Most codes have one triplet: do not look for the others component by component.
        var components = value.ComponentCount;
        var codings = new JsonArray();
        Add(codings, CweToCoding.Triplet(value, 1, 3, 7, 14, components), table, scope);
        Add(codings, CweToCoding.Triplet(value, 4, 6, 8, 17, components), null, scope);
        Add(codings, CweToCoding.Triplet(value, 10, 12, 13, 20, components), null, scope);

        var text = (components < 9 ? null : FhirText.String(value[9])) ?? TextWithoutCode(value, codings);
        if (codings.Count == 0 && text is null)
        {
            return null;
        }

        var concept = new JsonObject();
        if (codings.Count > 0)
        {
            concept["coding"] = codings;
        }

        if (text is not null)
        {
            concept["text"] = text;
        }

        return concept;
    }

    private static void Add(JsonArray codings, RawCoding coding, CodeTable? table, MessageScope scope)
    {
        if (coding.Code is null)
        {
            return;
        }

        foreach (var json in CweToCoding.Codings(coding, table, scope))
        {
            codings.Add(json);
        }

        // Where R4 wants one of its own codes (languages), the stand-in stands beside what was sent.
        if (table?.Default is { Code: { } standIn } otherwise && (!table.Accepts(coding.System) || table.Find(coding.Code) is null))
        {
            codings.Add(new JsonObject { ["system"] = otherwise.System, ["code"] = standIn, ["display"] = otherwise.Display });
        }
    }

    // Text for what has no coding, or whose coding no one else will understand.
    private static string? TextWithoutCode(Hl7Element value, JsonArray codings)
    {
        if (codings.Count == 0)
        {
            return FhirText.String(value[2]) ?? FhirText.String(value[5]);
        }

        return codings.Count == 1 && codings[0]!["system"] is null ? FhirText.String(value[2]) ?? FhirText.String(value[1]) : null;
    }
}
