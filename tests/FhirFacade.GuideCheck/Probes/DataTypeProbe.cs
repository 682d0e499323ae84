using System.Text.RegularExpressions;

namespace FhirFacade.GuideCheck.Probes;

/// <summary>Tries a row of a data type: a field of that type with the component and without it.</summary>
/// <param name="data">Messages and values.</param>
public sealed partial class DataTypeProbe(ProbeData data)
{
    /// <summary>What the component made in each field that is tried, with the element that the map's paths are relative to.</summary>
    public IEnumerable<(string Element, Made Made)> Made(GuideRow row)
    {
        var at = Component().Match(row.Source.Length > 0 ? row.Source : $"{row.File[..row.File.IndexOf('[', StringComparison.Ordinal)]}.0");
        foreach (var carrier in data.Carriers.GetValueOrDefault(row.File) ?? [])
        {
            if (!at.Success || data.Message(carrier.Map) is not { } message)
            {
                continue;
            }

            if (carrier.Field == "OBX-5")
            {
                message.Set("OBX-2", row.File[..row.File.IndexOf('[', StringComparison.Ordinal)]);
            }

            message.Set(carrier.Field, carrier.Sample);
            var component = at.Groups[1].Value is "" or "0" ? "" : "." + at.Groups[1].Value;
            foreach (var (place, value) in Conditions.Settings(row.Condition).Concat(data.Settings(row.Key).Select(static s => (s.At, (string?)s.Value))))
            {
                var spot = Relative().Match(place) is { Success: true } m && place.StartsWith(row.File[..row.File.IndexOf('[', StringComparison.Ordinal)], StringComparison.Ordinal) ? $"{carrier.Field}.{m.Groups[1].Value}" : place;
                if (value is not null)
                {
                    message.Set(spot, value);
                }
            }

            var without = message.Copy();
            without.Set(carrier.Field + component, "");
            yield return (carrier.Element, Probes.Made.Of(message.Translate(ProbeData.Profile), without.Translate(ProbeData.Profile)));
            var alone = message.Copy();
            alone.Set(carrier.Field, "");
            var nothing = alone.Translate(ProbeData.Profile);
            alone.Set(carrier.Field + component, message.Field(carrier.Field + component) is { Length: > 0 } text ? text : "Sample");
            yield return (carrier.Element, Probes.Made.Of(alone.Translate(ProbeData.Profile), nothing));
        }
    }

    [GeneratedRegex(@"^[A-Z]{2,3}[.-]?(\d*(?:\.\d+)?)")]
    private static partial Regex Component();

    [GeneratedRegex(@"^[A-Z]{2,3}[.-]?(\d+(?:\.\d+)?)$")]
    private static partial Regex Relative();
}
