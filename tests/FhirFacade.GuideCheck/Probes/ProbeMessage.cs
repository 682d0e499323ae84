using System.Text;
using System.Text.RegularExpressions;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation;

namespace FhirFacade.GuideCheck.Probes;

/// <summary>A message whose fields can be changed, in the usual separators, to see what changes in its translation.</summary>
public sealed partial class ProbeMessage(IEnumerable<string> segments)
{
    private readonly List<string> _segments = [.. segments];

    /// <summary>Where the segment that is looked at stands; the last of its name unless told otherwise.</summary>
    public int Focus { get; set; } = -1;

    /// <summary>A copy.</summary>
    public ProbeMessage Copy() => new(_segments) { Focus = Focus };

    /// <summary>Sets <c>PID-5</c>, <c>MSH-9.2</c> or <c>PL.3</c> of a field; the segment at the focus if it has the name, else the last one. False if there is none.</summary>
    public bool Set(string coordinate, string value)
    {
        var at = Coordinate().Match(coordinate);
        if (!at.Success || Index(at.Groups[1].Value) is not (>= 0 and var index))
        {
            return false;
        }

        var fields = _segments[index].Split('|').ToList();
        var field = int.Parse(at.Groups[2].Value, null) - (at.Groups[1].Value == "MSH" ? 1 : 0);
        Grow(fields, field);
        fields[field] = at.Groups[3].Success ? Part(fields[field], '^', int.Parse(at.Groups[3].Value, null), at.Groups[4], value) : value;
        _segments[index] = string.Join('|', fields);
        return true;
    }

    /// <summary>The text of a field; empty if it is not there.</summary>
    public string Field(string coordinate)
    {
        var at = Coordinate().Match(coordinate);
        var field = int.Parse(at.Groups[2].Value, null) - (at.Groups[1].Value == "MSH" ? 1 : 0);
        return Index(at.Groups[1].Value) is >= 0 and var index && _segments[index].Split('|') is var fields && field < fields.Length ? fields[field] : "";
    }

    /// <summary>The segment in focus.</summary>
    public string Segment => _segments[Focus];

    /// <summary>Takes the segment at the focus out.</summary>
    public ProbeMessage Without()
    {
        var rest = new ProbeMessage(_segments.Where((_, i) => i != Focus)) { Focus = -1 };
        return rest;
    }

    /// <summary>Puts the focus on the last segment of a name; false if there is none.</summary>
    public bool FocusOn(string name) => (Focus = _segments.FindLastIndex(s => s.StartsWith(name, StringComparison.Ordinal))) >= 0;

    /// <summary>All that the translation makes of it.</summary>
    public Elements Translate(FeedProfile profile)
    {
        var parsed = Hl7Message.Parse(Encoding.UTF8.GetBytes(string.Join('\r', _segments) + "\r")).Message;
        return Elements.Of(parsed is null ? [] : Translator.Default.Translate(parsed, profile).Resources.Select(static r => r.Content));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', _segments);

    private int Index(string name) =>
        Focus >= 0 && _segments[Focus].StartsWith(name, StringComparison.Ordinal) ? Focus : _segments.FindLastIndex(s => s.StartsWith(name, StringComparison.Ordinal));

    private static string Part(string text, char separator, int number, Group inner, string value)
    {
        var parts = text.Split(separator).ToList();
        Grow(parts, number - 1);
        parts[number - 1] = inner.Success ? Part(parts[number - 1], '&', int.Parse(inner.Value, null), Match.Empty.Groups[0], value) : value;
        return string.Join(separator, parts);
    }

    private static void Grow(List<string> list, int index)
    {
        while (list.Count <= index)
        {
            list.Add("");
        }
    }

    [GeneratedRegex(@"^([A-Z][A-Z0-9]{2})-(\d+)(?:\.(\d+))?(?:\.(\d+))?")]
    private static partial Regex Coordinate();
}
