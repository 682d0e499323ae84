using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.FhirPath.Values;
using FhirFacade.Fhir.SearchParameters.Extraction;

namespace FhirFacade.Fhir.SearchParameters.Values;

/// <summary>https://hl7.org/fhir/R4/search.html#date: every value is the range of instants that it may mean.</summary>
internal static class Dates
{
    public static void Add(string parameter, in Item item, IndexValueList values)
    {
        var json = item.Json;
        switch (item.Type?.Name)
        {
            case "Period":
                AddPeriod(parameter, json, values);
                break;
            case "Timing":
                AddTiming(parameter, json, values);
                break;
            default:
                if (item.TryTemporal(out var time) && time.Kind != TemporalKind.Time)
                {
                    var (low, high) = time.Range();
                    AddOrdered(parameter, low, high, values);
                }

                break;
        }
    }

    private static void AddPeriod(string parameter, JsonElement period, IndexValueList values)
    {
        var hasStart = TryRange(period.Property("start"u8), out var start);
        var hasEnd = TryRange(period.Property("end"u8), out var end);
        if (hasStart || hasEnd)
        {
            AddOrdered(parameter, hasStart ? start.Low : DateTimeOffset.MinValue, hasEnd ? end.High : DateTimeOffset.MaxValue, values);
        }
    }

    /// <summary>Only the outer limits of a schedule count.</summary>
    private static void AddTiming(string parameter, JsonElement timing, IndexValueList values)
    {
        AddPeriod(parameter, timing.Property("repeat"u8).Property("boundsPeriod"u8), values);
        var (low, high) = (DateTimeOffset.MaxValue, DateTimeOffset.MinValue);
        foreach (var json in timing.Items("event"u8))
        {
            if (TryRange(json, out var range))
            {
                low = range.Low < low ? range.Low : low;
                high = range.High > high ? range.High : high;
            }
        }

        AddOrdered(parameter, low, high, values);
    }

    private static void AddOrdered(string parameter, DateTimeOffset low, DateTimeOffset high, IndexValueList values)
    {
        if (low < high)
        {
            values.Add(new DateValue(parameter, low, high));
        }
    }

    private static bool TryRange(JsonElement json, out (DateTimeOffset Low, DateTimeOffset High) range)
    {
        range = default;
        if (json.ValueKind != JsonValueKind.String || !PartialDateTime.TryParse(json.TextUtf8(), out var time))
        {
            return false;
        }

        range = time.Range();
        return true;
    }
}
