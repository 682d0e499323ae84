using System.Globalization;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>
/// RPT (TQ1-3) and RI (TQ.2) -> Timing. The pattern is kept as code; what it says in numbers (<c>BID</c>, <c>Q6H</c>, <c>Q2D</c>) is
/// repeated as frequency and period, so that receivers need not know table 0335.
/// </summary>
internal static class RptToTiming
{
    private static readonly string[] Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    // Those of table 0528 that R4's event-timing has too.
    private static readonly HashSet<string> Events = ["HS", "WAKE", "C", "CM", "CD", "CV", "AC", "ACM", "ACD", "ACV", "PC", "PCM", "PCD", "PCV"];

    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        var timing = new JsonObject();
        var repeat = new JsonObject();
        if (FhirText.Code(value[1]) is { } pattern)
        {
            timing["code"] = Code(value[1], pattern, scope);
            Rate(pattern.ToUpperInvariant(), repeat);
        }

        // RI has two parts only; the rest is RPT's.
        if (FhirText.String(value[5]) is { } text && Nm.TryRead(text, out var period) && UcumTime.Code(FhirText.Code(value[6])) is { } unit)
        {
            repeat["period"] = period;
            repeat["periodUnit"] = unit;
        }

        if (value[2].Is("DW"))
        {
            DaysOfWeek(value[3], value[4], repeat);
        }

        When(value, repeat);
        timing.Put("repeat", repeat.OrNull());
        return timing.OrNull();
    }

    private static JsonObject Code(Hl7Element code, string pattern, MessageScope scope)
    {
        var coding = new JsonObject
        {
            ["system"] = "http://terminology.hl7.org/CodeSystem/v2-0335",
            ["code"] = pattern,
        };
        if (scope.Maps.RepeatPattern.Find(pattern) is { Code: { } known } target)
        {
            coding["system"] = target.System;
            coding["code"] = known;
            coding.Put("display", target.Display);
        }

        var concept = new JsonObject { ["coding"] = new JsonArray(coding) };
        concept.Put("text", FhirText.String(code.Subcomponent(2)) ?? pattern);
        return concept;
    }

    private static void Rate(string pattern, JsonObject repeat)
    {
        var (frequency, period, unit) = pattern switch
        {
            "QD" or "ONCE DAILY" => (1, 1, "d"),
            "BID" => (2, 1, "d"),
            "TID" => (3, 1, "d"),
            "QID" => (4, 1, "d"),
            "QOD" => (1, 2, "d"),
            _ => Numbered(pattern),
        };
        if (unit is not null)
        {
            repeat["frequency"] = frequency;
            repeat["period"] = period;
            repeat["periodUnit"] = unit;
        }
    }

    // Q<number><letter>: every so many; <number>ID: so many times a day.
    private static (int Frequency, int Period, string? Unit) Numbered(string pattern)
    {
        if (pattern.Length >= 3 && pattern[0] == 'Q' && Number(pattern.AsSpan(1, pattern.Length - 2)) is { } every && UcumTime.Letter(pattern[^1]) is { } unit)
        {
            return (1, every, unit);
        }

        return pattern.EndsWith("ID", StringComparison.Ordinal) && Number(pattern.AsSpan(0, pattern.Length - 2)) is { } times ? (times, 1, "d") : default;
    }

    private static int? Number(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    // RPT.2 = DW: RPT.3 to RPT.4 are days of the week, Monday being 1.
    private static void DaysOfWeek(Hl7Element first, Hl7Element last, JsonObject repeat)
    {
        if (!first.TryGetInt32(out var from) || from is < 1 or > 7)
        {
            return;
        }

        var to = last.TryGetInt32(out var end) && end >= from && end <= 7 ? end : from;
        for (var day = from; day <= to; day++)
        {
            repeat.Append("dayOfWeek", Days[day - 1]);
        }
    }

    // RPT.8 is an event of the day; RPT.9 and RPT.10 an offset from it, which R4 has in minutes and with an event only (tim-9).
    private static void When(Hl7Element value, JsonObject repeat)
    {
        if (FhirText.Code(value[8])?.ToUpperInvariant() is not { } code || !Events.Contains(code))
        {
            return;
        }

        repeat.Append("when", code);
        if (FhirText.String(value[9]) is { } text && Nm.TryRead(text, out var offset) && offset >= 0 && UcumTime.Code(FhirText.Code(value[10])) is { } unit
            && code is not ("C" or "CM" or "CD" or "CV"))
        {
            var minutes = offset * unit switch { "s" => 1m / 60, "min" => 1, "h" => 60, "d" => 1440, "wk" => 10080, _ => 0 };
            if (minutes >= 1 && minutes <= int.MaxValue)
            {
                repeat["offset"] = (int)minutes;
            }
        }
    }
}
