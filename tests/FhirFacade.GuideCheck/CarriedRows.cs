using System.Text.RegularExpressions;

namespace FhirFacade.GuideCheck;

/// <summary>What our own tables (<c>conformance/v2-to-fhir</c>) have of the guide, and why they do not have the rest.</summary>
public sealed partial class CarriedRows
{
    private readonly ILookup<(string Segment, string Field), (string Resource, string Element, bool IsAssembly)> _segments;
    private readonly Dictionary<string, Dictionary<string, string>> _codes;
    private readonly HashSet<string> _listed;
    private readonly Dictionary<string, string> _inCode;
    private readonly Dictionary<string, string> _reasons;

    /// <param name="root">The folder of our tables.</param>
    public CarriedRows(string root)
    {
        _segments = Files(root, "segments")
            .SelectMany(static f => f.Rows.Select(row => (Segment: f.Name[..3], Resource: f.Name[4..], Field: Field().Match(row[0]).Groups[1].Value, Element: Top(row[2]), IsAssembly: row[3] == "assembly")))
            .ToLookup(static r => (r.Segment, r.Field), static r => (r.Resource, r.Element, r.IsAssembly));
        _codes = Files(root, "codes").ToDictionary(static f => f.Name, static f => f.Rows.Where(static r => r.Count > 2).GroupBy(static r => r[1]).ToDictionary(static g => g.Key, static g => g.First()[2]));
        _listed =
        [
            .. Files(root, "datatypes").SelectMany(static f => f.Rows.Select(row => $"datatypes/{f.Name}/{row[0]}/{row[1]}")),
            .. Files(root, "messages").SelectMany(static f => f.Rows.Select(row => $"messages/{f.Name}/{row[0]}/{row[1]}")),
        ];
        Classes = [.. Files(root, "datatypes").SelectMany(static f => f.Rows.Select(static row => row[2])).Distinct()];
        _inCode = Reasons(root, "carried-in-code.csv");
        _reasons = Reasons(root, "not-carried.csv");
    }

    /// <summary>The classes that the tables of data types name.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>How the row is carried; null if it is not.</summary>
    public string? How(GuideRow row) => row.Kind switch
    {
        "segments" => Segment(row),
        "codes" => Code(row),
        "datatypes" => _listed.Contains($"datatypes/{Flat(row.File).Replace('.', '-')}/{row.Source}/{row.Target}") ? "datatypes" : null,
        _ => Message(row),
    }
    ?? (_inCode.GetValueOrDefault(row.Key) is { } by ? $"code: {by}" : null);

    /// <summary>Why the row is not carried; null if nobody says.</summary>
    public string? WhyNot(GuideRow row) => _reasons.GetValueOrDefault(row.Key);

    private string? Segment(GuideRow row)
    {
        var segment = row.File[..3];
        var resource = row.File[4..^1].Split('-')[0];
        var field = Regex.Match(row.Source, $"^{segment}-(\\d+)").Groups[1].Value;
        var element = Top(row.Target);
        var ours = _segments[(segment, field)].Where(o => o.Resource == resource || (o.Resource == "Annotation" && element is "note" or "comment" or "extension")).ToList();
        return ours.Any(o => !o.IsAssembly && (o.Resource == "Annotation" || o.Element.TrimStart('_') == element || o.Element == "$this")) ? "segments"
            : ours.Any(static o => o.IsAssembly) ? "assembly"
            : null;
    }

    private string? Code(GuideRow row)
    {
        var name = Table().Replace(row.File, "-").Trim('-');
        string[] tables = name switch
        {
            "Event-EncounterStatus" => [name, "Event-EncounterStatus-presumed"],
            "ObservationResultStatusCodesInterpretation" => ["ObservationStatus"],
            "ResultStatus-Non-Queries" => ["DiagnosticReportStatus"],
            _ => [name],
        };
        var from = row.Source.Length > 0 ? row.Source : row.Target;
        return tables.Any(t => _codes.TryGetValue(t, out var codes) && codes.GetValueOrDefault(from) == row.Target) ? "codes" : null;
    }

    private string? Message(GuideRow row)
    {
        var map = row.Key[(row.Key.LastIndexOf('/') + 1)..].Split('#')[0];
        var resource = MapTarget().Match(map) is { Success: true } match ? match.Groups[1].Value : Resource().Match(row.Target).Value;
        return _listed.Contains($"messages/{row.File}/{row.Source}/{resource}") ? "messages" : null;
    }

    private static IEnumerable<(string Name, IEnumerable<List<string>> Rows)> Files(string root, string folder) =>
        Directory.EnumerateFiles(Path.Combine(root, folder), "*.csv").Order(StringComparer.Ordinal)
            .Select(static f => (Path.GetFileNameWithoutExtension(f), CsvTable.Read(f).Skip(1)));

    private static Dictionary<string, string> Reasons(string root, string file) =>
        CsvTable.Read(Path.Combine(root, file)).Skip(1).ToDictionary(static r => r[0], static r => r[1]);

    private static string Top(string path) => Element().Match(path.Trim()).Value is { Length: > 0 } name ? name : path.Trim();

    private static string Flat(string file) => file.Replace("[", "-", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);

    [GeneratedRegex(@"^[A-Z][A-Z0-9]{2}-?(\d*)")]
    private static partial Regex Field();

    [GeneratedRegex(@"^[A-Za-z$_]+")]
    private static partial Regex Element();

    [GeneratedRegex(@"[\[\]. ]+")]
    private static partial Regex Table();

    [GeneratedRegex(@"^[A-Z0-9]{3}\[([A-Za-z]+)")]
    private static partial Regex MapTarget();

    [GeneratedRegex(@"^[A-Za-z]+")]
    private static partial Regex Resource();
}
