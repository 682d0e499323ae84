using System.Text.RegularExpressions;

namespace FhirFacade.GuideCheck.Probes;

/// <summary>Tries a row of a segment map: translates a message with the field and without it, and looks what the field made.</summary>
/// <param name="guide">Folder of the guide, for sample codes.</param>
/// <param name="data">Messages and values.</param>
public sealed partial class SegmentProbe(string guide, ProbeData data)
{
    /// <summary>What the field, or the segment, made; null if the row cannot be tried.</summary>
    public Made? Made(GuideRow row)
    {
        if (data.Message(row.File) is not { } message)
        {
            return null;
        }

        var field = Field().Match(row.Source);
        if (!field.Success)
        {
            foreach (var (place, wanted) in data.Settings(row.Key))
            {
                message.Set(place, wanted);
            }

            return Probes.Made.Of(message.Translate(ProbeData.Profile), message.Without().Translate(ProbeData.Profile));
        }

        var at = field.Value;
        var value = row.Map.Length > 0 && row.Type is "CWE" or "ID" or "IS" or "CE" && GuideReader.SampleCode(guide, row.Map) is { } code ? row.Type is "ID" ? code : $"{code}^^{System(row.Map)}" : null;
        message.Set(at, data.Sample(at, row.Type) ?? value ?? data.Sample("", row.Type) ?? "Sample");
        var isSet = true;
        foreach (var (place, wanted) in Conditions.Settings(row.Condition).Concat(data.Settings(row.Key).Where(static s => s.At[0] != '!').Select(static s => (s.At, (string?)s.Value))))
        {
            var spot = Component().Replace(place, m => $"{at}.{m.Groups[1].Value}");
            isSet &= spot != at || wanted is not "";
            message.Set(spot, wanted ?? data.Sample(spot, "ST") ?? "Sample");
        }

        var without = message.Copy();
        foreach (var (place, other) in data.Settings(row.Key).Where(static s => s.At[0] == '!'))
        {
            without.Set(place[1..], other);
        }

        without.Set(at, data.Settings(row.Key).Any(s => s.At == "!" + at) ? without.Field(at) : isSet ? "" : data.Sample(at, row.Type) ?? "Sample");
        return Probes.Made.Of(message.Translate(ProbeData.Profile), without.Translate(ProbeData.Profile));
    }

    private static string System(string map) => map.Length > 0 ? "L" : "";

    [GeneratedRegex(@"^[A-Z][A-Z0-9]{2}-\d+(\.\d+)*")]
    private static partial Regex Field();

    // A component of whatever the row's field has: CWE.3.
    [GeneratedRegex(@"^(?:CWE|CX|XAD)\.(\d+)$")]
    private static partial Regex Component();
}
