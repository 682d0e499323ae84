using FhirFacade.Translation;

namespace FhirFacade.GuideCheck.Probes;

/// <summary>The messages and values with which rows are tried, as the files beside this class have them.</summary>
public sealed class ProbeData
{
    /// <summary>How probes are translated: as a server would, which always has a version of its tables.</summary>
    public static readonly FeedProfile Profile = FeedProfile.Default with { Version = "0", TasksOfOrders = true };

    private const string Patient = "PID|1||4711^^^GH^MR||Miller^Ann";

    private readonly Dictionary<string, ProbeMessage> _messages;
    private readonly Dictionary<string, string> _types = Pairs("types.csv");
    private readonly Dictionary<string, string> _fields = Pairs("samples.csv");
    private readonly Dictionary<string, string> _usual = Pairs("usual.csv");
    private readonly Dictionary<string, string> _rows = Pairs("places.csv");
    private readonly ILookup<string, (string At, string Value)> _settings =
        Table("settings.csv").ToLookup(static r => r[0], static r => (r[1], r[2]));

    /// <summary>Reads the embedded files.</summary>
    public ProbeData()
    {
        _messages = ReadMessages();
        Carriers = Table("datatypes.csv").GroupBy(static r => r[0]).ToDictionary(static g => g.Key, static g => g.Select(static r => new Carrier(r[1], r[2], r[3], r[4])).ToList());
    }

    /// <summary>For each map of a data type: fields that have it, and what they become.</summary>
    public IReadOnlyDictionary<string, List<Carrier>> Carriers { get; }

    /// <summary>All messages, by the maps that they are about.</summary>
    public IReadOnlyDictionary<string, ProbeMessage> Messages => _messages;

    /// <summary>A message with the segment that a map is about, in focus; null if there is none.</summary>
    public ProbeMessage? Message(string map)
    {
        if (!_messages.TryGetValue(map, out var message))
        {
            return null;
        }

        var copy = message.Copy();
        return copy.FocusOn(map[..3]) ? copy : null;
    }

    /// <summary>A segment as it looks in a message of the structure; null if none is known.</summary>
    public string? Usual(string segment, string structure) => (_usual.GetValueOrDefault($"{segment}/{structure}") ?? _usual.GetValueOrDefault(segment)) is { Length: > 0 } line ? line : null;

    /// <summary>The segment with which a row of a message map is tried; null if any sample will do.</summary>
    public string? Row(string row) => _rows.GetValueOrDefault(row);

    /// <summary>What a row needs beside its condition, or instead of what its condition is read as.</summary>
    public IEnumerable<(string At, string Value)> Settings(string row) => _settings[row];

    /// <summary>A value for a field or component; null if none is known for its type.</summary>
    public string? Sample(string at, string type) => _fields.GetValueOrDefault(at) ?? _types.GetValueOrDefault(type);

    private static Dictionary<string, ProbeMessage> ReadMessages()
    {
        var all = new Dictionary<string, ProbeMessage>(StringComparer.Ordinal);
        var (maps, type, lines) = (Array.Empty<string>(), "", new List<string>());
        foreach (var line in Text("segments.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Append("="))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (!line.StartsWith('='))
            {
                if (type.Length == 0)
                {
                    type = line;
                    lines.Add($@"MSH|^~\&|APP|GH|FF|GH|20240501120000||{type}|42|P|2.9");
                }
                else
                {
                    lines.Add(line == "PID" ? Patient : line);
                }

                continue;
            }

            foreach (var map in maps)
            {
                all.Add(map, new ProbeMessage(lines));
            }

            (maps, type, lines) = (line[1..].Split(' ', StringSplitOptions.RemoveEmptyEntries), "", []);
        }

        return all;
    }

    private static Dictionary<string, string> Pairs(string file) => Table(file).ToDictionary(static r => r[0], static r => r[1]);

    private static IEnumerable<List<string>> Table(string file) => CsvTable.Parse(Text(file)).Skip(1).Where(static r => r.Count > 1 && !r[0].StartsWith('#'));

    private static string Text(string file)
    {
        using var stream = typeof(ProbeData).Assembly.GetManifestResourceStream(file) ?? throw new FileNotFoundException(file);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
