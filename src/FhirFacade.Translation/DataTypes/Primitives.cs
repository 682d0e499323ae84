using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>ST, TX, FT, ID, IS, NM -> string, markdown, boolean, integer, decimal.</summary>
internal static class Primitives
{
    /// <summary>ST -> string: the first component.</summary>
    public static Mapped String(Hl7Element value, MapRow row, MessageScope scope) => FhirText.String(value);

    /// <summary>ID, IS, ST -> code, as it is.</summary>
    public static Mapped Code(Hl7Element value, MapRow row, MessageScope scope) => FhirText.Code(value);

    /// <summary>ST -> id: 1 to 64 letters, digits, hyphens and dots; anything else is an issue.</summary>
    public static Mapped Id(Hl7Element value, MapRow row, MessageScope scope)
    {
        if (FhirText.String(value) is { Length: <= 64 } text && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'))
        {
            return text;
        }

        scope.Warn(Table0357.DataType, value.Location, "1 to 64 letters, digits, hyphens and dots");
        return default;
    }

    /// <summary>TX, FT -> string or markdown: everything that was sent, line breaks and indentation kept.</summary>
    public static Mapped Text(Hl7Element value, MapRow row, MessageScope scope) => FhirText.Block(value.Text);

    /// <summary>All repetitions of a TX or FT field, one a line.</summary>
    public static Mapped Lines(Hl7Element value, MapRow row, MessageScope scope) => FhirText.Block(LinesOf(value));

    public static string LinesOf(Hl7Element field)
    {
        if (field.RepetitionCount <= 1)
        {
            return field.IsNull ? "" : field.Repetition(1).Text;
        }

        var lines = new List<string>(field.RepetitionCount);
        foreach (var line in field.Repetitions)
        {
            lines.Add(line.IsNull ? "" : line.Text);
        }

        return string.Join('\n', lines);
    }

    /// <summary>ID of table 0136 -> boolean.</summary>
    public static Mapped Boolean(Hl7Element value, MapRow row, MessageScope scope)
    {
        var first = value.Subcomponent(1);
        if (first.Is("Y") || first.Is("y"))
        {
            return JsonValue.Create(true);
        }

        if (first.Is("N") || first.Is("n"))
        {
            return JsonValue.Create(false);
        }

        if (first.HasValue)
        {
            scope.Warn(Table0357.TableValueNotFound, value.Location, "Y or N (table 0136)");
        }

        return default;
    }

    /// <summary>NM -> integer.</summary>
    public static Mapped Integer(Hl7Element value, MapRow row, MessageScope scope) =>
        Number(value, scope) is { } number && number == decimal.Truncate(number) && Math.Abs(number) <= int.MaxValue ? JsonValue.Create((int)number) : default(Mapped);

    /// <summary>NM -> positiveInt.</summary>
    public static Mapped PositiveInteger(Hl7Element value, MapRow row, MessageScope scope) =>
        Number(value, scope) is { } number && number == decimal.Truncate(number) && number is > 0 and <= int.MaxValue ? JsonValue.Create((int)number) : default(Mapped);

    /// <summary>NM -> unsignedInt.</summary>
    public static Mapped UnsignedInteger(Hl7Element value, MapRow row, MessageScope scope) =>
        Number(value, scope) is { } number && number == decimal.Truncate(number) && number is >= 0 and <= int.MaxValue ? JsonValue.Create((int)number) : default(Mapped);

    /// <summary>RXC-1 -> whether the component is active: an additive (A) is, a base (B) is not.</summary>
    public static Mapped IsAdditive(Hl7Element value, MapRow row, MessageScope scope) => JsonValue.Create(value.Is("A"));

    /// <summary>NM -> decimal.</summary>
    public static Mapped Decimal(Hl7Element value, MapRow row, MessageScope scope) =>
        Number(value, scope) is { } number ? JsonValue.Create(number) : default(Mapped);

    /// <summary>NM of days -> Duration.</summary>
    public static Mapped Days(Hl7Element value, MapRow row, MessageScope scope) =>
        Number(value, scope) is { } days
            ? new JsonObject { ["value"] = days, ["unit"] = "days", ["system"] = "http://unitsofmeasure.org", ["code"] = "d" }
            : default(Mapped);

    private static decimal? Number(Hl7Element value, MessageScope scope)
    {
        var first = value.Subcomponent(1);
        if (!first.HasValue)
        {
            return null;
        }

        if (Nm.TryRead(first.Text, out var number))
        {
            return number;
        }

        scope.Warn(Table0357.DataType, value.Location, "a number");
        return null;
    }
}
