using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>Quantities of time: CQ, and the letter with a number that TQ has (<c>D5</c>), -> Duration; UCUM's units only (drt-1).</summary>
internal static class UcumTime
{
    /// <summary>CQ -> Duration; nothing where the unit is no unit of time.</summary>
    public static Mapped Duration(Hl7Element value, MapRow row, MessageScope scope) =>
        Read(value, scope) is var (number, unit) ? Json(number, unit) : default(Mapped);

    /// <summary>CQ -> decimal, beside <see cref="Unit"/>.</summary>
    public static Mapped Value(Hl7Element value, MapRow row, MessageScope scope) =>
        Read(value, scope) is var (number, _) ? JsonValue.Create(number) : default(Mapped);

    /// <summary>CQ -> the code of its unit of time.</summary>
    public static Mapped Unit(Hl7Element value, MapRow row, MessageScope scope) => Read(value, scope) is var (_, unit) ? unit : default(Mapped);

    /// <summary>TQ.3: S, M, H, D, W or L and a number -> Duration.</summary>
    public static Mapped TqDuration(Hl7Element value, MapRow row, MessageScope scope) =>
        FhirText.Code(value) is { Length: > 1 } text && Letter(text[0]) is { } unit && Nm.TryRead(text[1..], out var number) ? Json(number, unit) : default(Mapped);

    /// <summary>UCUM's code for the letters that v2 has for units of time in table 0335 and in TQ.</summary>
    public static string? Letter(char letter) => char.ToUpperInvariant(letter) switch
    {
        'S' => "s",
        'M' => "min",
        'H' => "h",
        'D' => "d",
        'W' => "wk",
        'L' => "mo",
        _ => null,
    };

    /// <summary>UCUM's code for a unit of time, however it is spelt.</summary>
    public static string? Code(string? unit) => unit?.ToLowerInvariant().TrimEnd('.') switch
    {
        "s" or "sec" or "second" or "seconds" => "s",
        "min" or "minute" or "minutes" => "min",
        "h" or "hr" or "hrs" or "hour" or "hours" => "h",
        "d" or "day" or "days" => "d",
        "wk" or "w" or "week" or "weeks" => "wk",
        "mo" or "mon" or "month" or "months" => "mo",
        "a" or "yr" or "y" or "year" or "years" => "a",
        _ => null,
    };

    private static (decimal Number, string Unit)? Read(Hl7Element value, MessageScope scope)
    {
        if (FhirText.String(value[1]) is not { } text)
        {
            return null;
        }

        if (!Nm.TryRead(text, out var number))
        {
            scope.Warn(Table0357.DataType, value.Location, "a quantity");
            return null;
        }

        return (Code(FhirText.Code(value[2].Subcomponent(1))) ?? Code(FhirText.Code(value[2].Subcomponent(2)))) is { } unit ? (number, unit) : null;
    }

    private static JsonObject Json(decimal number, string unit) =>
        new() { ["value"] = number, ["unit"] = unit, ["system"] = "http://unitsofmeasure.org", ["code"] = unit };
}
