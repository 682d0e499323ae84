using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Codes;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>
/// CWE, IS, ID -> code through a table. A code that the table does not know becomes the table's stand-in, if it has one, and is kept
/// in the extension <c>alternate-codes</c>; the table's ERROR stops the message.
/// </summary>
internal static class CweToCode
{
    private const string AlternateCodes = "http://hl7.org/fhir/StructureDefinition/alternate-codes";

    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        var coding = CweToCoding.Triplet(value, 1, 3, 7, 14);
        if (coding.Code is null)
        {
            coding = CweToCoding.Triplet(value, 4, 6, 8, 17);
        }

        if (coding.Code is null)
        {
            return default;
        }

        if (row.Table is not { } table)
        {
            return coding.Code;
        }

        var target = table.Find(coding.Code);
        if (target is { IsError: true })
        {
            scope.Error(Table0357.ApplicationInternalError, value.Location, $"a code of table {table.V2Table} that reports a result");
            return default;
        }

        if (target?.Code is { } code)
        {
            return code;
        }

        if (target is null)
        {
            scope.UnknownCode(value, table);
        }

        return new Mapped(table.Default?.Code is { } standIn ? JsonValue.Create(standIn) : null, Original(coding, table, scope));
    }

    private static JsonObject Original(RawCoding coding, CodeTable table, MessageScope scope)
    {
        var system = coding.System ?? table.V2Table;
        var concept = new JsonObject { ["coding"] = new JsonArray(CweToCoding.Json(coding, scope.Maps.Systems.OfCodeSystem(system))) };
        return new JsonObject
        {
            ["extension"] = new JsonArray(new JsonObject { ["url"] = AlternateCodes, ["valueCodeableConcept"] = concept }),
        };
    }
}
