using FhirFacade.GuideCheck.Probes;

namespace FhirFacade.GuideCheck;

/// <summary>
/// What became of each row of the guide. A row counts as carried if a translated message shows it, for codes if the table that is used has it; nothing is
/// taken on trust. Other rows need a reason.
/// </summary>
public sealed class Ledger
{
    private readonly CodeRows _codes;
    private readonly Dictionary<string, (string Element, string Why)> _elsewhere;
    private readonly Dictionary<string, string> _reasons;
    private readonly SegmentProbe _segments;
    private readonly DataTypeProbe _types;
    private readonly MessageProbe _messages;

    /// <param name="guide">Folder of the guide.</param>
    /// <param name="tables">Our own tables.</param>
    public Ledger(string guide, string tables)
    {
        var data = new ProbeData();
        _codes = new CodeRows(tables);
        _elsewhere = CsvTable.Read(Path.Combine(tables, "carried-elsewhere.csv")).Skip(1).ToDictionary(static r => r[0], static r => (r[1], r[2]));
        _reasons = CsvTable.Read(Path.Combine(tables, "not-carried.csv")).Skip(1).ToDictionary(static r => r[0], static r => r[1]);
        (_segments, _types, _messages) = (new SegmentProbe(guide, data), new DataTypeProbe(data), new MessageProbe(guide, data));
    }

    /// <summary>Rows of our own files that no row of the guide has.</summary>
    public IEnumerable<string> Strays(IEnumerable<GuideRow> rows) =>
        _elsewhere.Keys.Concat(_reasons.Keys).Except(rows.Select(static r => r.Key));

    /// <summary>What became of the row.</summary>
    public Finding Of(GuideRow row)
    {
        var moved = _elsewhere.GetValueOrDefault(row.Key);
        var reason = _reasons.GetValueOrDefault(row.Key);
        var where = row.Kind == "codes" ? _codes.Where(row) : Where(row, moved.Element);
        return (where, reason) switch
        {
            ({ }, { }) => new Finding(Fate.Contradicted, $"{where}, though it is said: {reason}"),
            ({ }, null) => moved.Element is null ? new Finding(Fate.Carried, where) : new Finding(Fate.Elsewhere, $"{where}: {moved.Why}"),
            (null, { }) => new Finding(Fate.LeftOut, reason),
            _ => new Finding(Fate.Unexplained, $"{(moved.Element is null ? "neither carried nor explained" : $"not in {moved.Element}, where it is said to be")}; the field makes {Instead(row)}"),
        };
    }

    private string Instead(GuideRow row)
    {
        var made = row.Kind switch
        {
            "segments" => _segments.Made(row),
            "datatypes" => _types.Made(row).Select(static m => m.Made).FirstOrDefault(),
            "messages" => _messages.Made(row).FirstOrDefault(),
            _ => null,
        };
        return made is null ? "what no message of ours shows" : made.New.Count == 0 ? "nothing" : string.Join("; ", made.New.Take(6).Select(static m => $"{m.Path}={m.Value}"));
    }

    private string? Where(GuideRow row, string? element) => row.Target == "extension" && element is null ? Proposed(row) : row.Kind switch
    {
        "segments" => Match(_segments.Made(row), element ?? GuideTarget.Element(GuideTarget.Resource(row.File), row.Target), element is null ? row.Constant : "", char.IsDigit(row.Source.LastOrDefault()) && row.Source.Contains('-', StringComparison.Ordinal)),
        "datatypes" => _types.Made(row).Select(m => Match(m.Made, element ?? GuideTarget.Element(m.Element, row.Target), element is null ? row.Constant : "")).FirstOrDefault(static w => w is not null),
        _ => _messages.Made(row).Select(m => Match(m, element ?? GuideTarget.Made(row.Target), "")).FirstOrDefault(static w => w is not null),
    };

    // The guide proposes some extension and names none: any of the same resource is one.
    private string? Proposed(GuideRow row)
    {
        var resource = GuideTarget.Resource(row.File) + ".";
        return _segments.Made(row)?.New.Select(static leaf => leaf.Path).FirstOrDefault(path => path.StartsWith(resource, StringComparison.Ordinal) && path.Contains(".extension(", StringComparison.Ordinal));
    }

    // A leaf at the element or below it; with the constant, where the row assigns one. Constants stand beside what the field makes, or for the segment as a whole.
    private static string? Match(Made? made, string element, string constant, bool isOfField = true)
    {
        if (made is null)
        {
            return null;
        }

        if (element.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
        {
            (constant, element) = (element[(equals + 1)..].Trim('"'), element[..equals]);
        }

        var isConstant = constant.Length > 0 && (!isOfField || made.New.Count > 0);
        return made.New.Concat(isConstant || !isOfField ? made.All : []).Any(leaf => IsAt(leaf, element, constant)) ? element : null;
    }

    private static bool IsAt(Leaf leaf, string element, string constant) =>
        leaf.Path == element ? constant.Length == 0 || Same(leaf.Value, constant)
        : leaf.Path.StartsWith(element, StringComparison.Ordinal) && (leaf.Path[element.Length] is '.' or '(' || element.EndsWith('.'));

    // The guide writes addresses of extensions with http and https, and of R5 in two ways: the name of the definition tells.
    private static bool Same(string value, string constant) =>
        value == constant || (constant.StartsWith("http", StringComparison.Ordinal) && value[(value.LastIndexOf('/') + 1)..] == constant[(constant.LastIndexOf('/') + 1)..]);
}
