using System.Globalization;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;

namespace FhirFacade.Translation.DataTypes;

/// <summary>A Period does not end before it starts (per-1). Senders' do: then the end is left out and reported.</summary>
internal static class PeriodEnd
{
    private const int DateLength = 10;

    /// <summary>Takes the end out if it is before the start.</summary>
    /// <param name="period">A Period; null and what is none are left as they are.</param>
    /// <param name="location">Where the end came from.</param>
    /// <param name="scope">Takes the issue.</param>
    public static void Check(JsonNode? period, string location, MessageScope scope)
    {
        if (Drop(period))
        {
            scope.Warn(Table0357.OtherHl7Error, location, "a time that is not before the start");
        }
    }

    /// <summary>The same without a word; true if there was such an end.</summary>
    public static bool Drop(JsonNode? period) =>
        period is JsonObject both && (string?)both["start"] is { } start && (string?)both["end"] is { } end && IsBefore(end, start) && both.Remove("end");

    // As far as both say it.
    private static bool IsBefore(string end, string start)
    {
        if (end.Length > DateLength && start.Length > DateLength)
        {
            return DateTimeOffset.Parse(end, CultureInfo.InvariantCulture) < DateTimeOffset.Parse(start, CultureInfo.InvariantCulture);
        }

        var length = Math.Min(DateLength, Math.Min(end.Length, start.Length));
        return string.CompareOrdinal(end, 0, start, 0, length) < 0;
    }
}
