using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FhirFacade.Translation.Profiles;

/// <summary>Reads a profile written in YAML.</summary>
internal sealed class YamlProfileReader
{
    private readonly ProfileSource _source;

    private YamlProfileReader(ProfileFile file) => _source = new(file);

    /// <exception cref="InvalidProfileException">It is none.</exception>
    public static ProfileSource Read(ProfileFile file)
    {
        var stream = new YamlStream();
        try
        {
            using var reader = new StreamReader(new MemoryStream(file.Content.ToArray()), Encoding.UTF8);
            stream.Load(reader);
        }
        catch (YamlException error)
        {
            throw new InvalidProfileException(file.Name, (int)error.Start.Line, $"this is no YAML: {error.InnerException?.Message ?? error.Message}");
        }

        var profile = new YamlProfileReader(file);
        if (stream.Documents.Count > 0)
        {
            profile.Root(profile.Map(stream.Documents[0].RootNode));
        }

        return profile._source;
    }

    private void Root(IEnumerable<(string Key, YamlNode Value, int Line)> entries)
    {
        foreach (var (key, value, line) in entries)
        {
            switch (key)
            {
                case "profile":
                    _source.Name = Text(value);
                    break;
                case "extends":
                    _source.Extends = (Text(value), line);
                    break;
                case "match":
                    foreach (var rule in value is YamlSequenceNode several ? several.Children : [value])
                    {
                        Match(rule);
                    }

                    break;
                case "settings":
                    _source.Settings.AddRange(Map(value).Select(e => (e.Key, Text(e.Value), e.Line)));
                    break;
                case "authorities":
                    _source.Authorities.AddRange(Map(value).Select(e => (e.Key, Text(e.Value), e.Line)));
                    break;
                case "codeSystems":
                    _source.CodeSystems.AddRange(Map(value).Select(e => (e.Key, Text(e.Value), e.Line)));
                    break;
                case "conceptMaps":
                    _source.ConceptMaps.AddRange(Items(value).Select(i => (Text(i), Line(i))));
                    break;
                case "segments":
                    foreach (var (table, changes, _) in Map(value))
                    {
                        _source.Changes.AddRange(Items(changes).Select(c => SegmentChange(table, c)));
                    }

                    break;
                case "codes":
                    foreach (var (table, changes, _) in Map(value))
                    {
                        _source.Changes.AddRange(Map(changes).SelectMany(c => CodeChanges(table, c.Key, c.Value, c.Line)));
                    }

                    break;
                default:
                    throw _source.Wrong(line, $"there is no '{key}' in a profile; there are profile, extends, match, settings, authorities, codeSystems, conceptMaps, segments, codes");
            }
        }
    }

    private void Match(YamlNode rule)
    {
        var criteria = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (key, value, line) in Map(rule))
        {
            MatchCriteria.Add(criteria, key, [.. (value is YamlSequenceNode several ? several.Children : [value]).Select(Text)], _source, line);
        }

        _source.Matches.AddRange(FeedMatch.Of(criteria, Line(rule)));
    }

    private TableChange SegmentChange(string table, YamlNode node)
    {
        var (add, replace, drop, with) = (default(YamlNode), default(YamlNode), default(YamlNode), default(YamlNode));
        foreach (var (key, value, line) in Map(node))
        {
            _ = key switch
            {
                "add" => add = value,
                "replace" => replace = value,
                "drop" => drop = value,
                "with" => with = value,
                _ => throw _source.Wrong(line, $"a row can be added, replaced (with) or dropped, not '{key}'"),
            };
        }

        return (add, replace, drop, with) switch
        {
            ({ } row, null, null, null) => new(TableAction.Add, table, false, NoCells, Cells(row, TableChange.SegmentColumns), Line(node)),
            (null, { } row, null, { } other) => new(TableAction.Replace, table, false, Where(row), Cells(other, TableChange.SegmentColumns), Line(node)),
            (null, null, { } row, null) => new(TableAction.Drop, table, false, Where(row), NoCells, Line(node)),
            _ => throw _source.Wrong(Line(node), "one of add, drop, or replace together with with"),
        };
    }

    // A field alone, or some of the cells by which a row is found.
    private Dictionary<string, string> Where(YamlNode node) =>
        node is YamlScalarNode ? new Dictionary<string, string> { ["field"] = Text(node) } : Cells(node, TableChange.SegmentKeys);

    private IEnumerable<TableChange> CodeChanges(string table, string what, YamlNode value, int line) => what switch
    {
        "clear" => [new(TableAction.Clear, table, true, NoCells, NoCells, line)],
        "drop" => Items(value).Select(code => new TableChange(TableAction.Drop, table, true, new Dictionary<string, string> { ["from"] = Text(code) }, NoCells, Line(code))),
        "add" => Map(value).Select(row => Code(TableAction.Add, row, table)),
        "replace" => Map(value).Select(row => Code(TableAction.Replace, row, table)),
        _ => throw _source.Wrong(line, $"codes can be added, replaced, dropped or cleared, not '{what}'"),
    };

    // The FHIR code alone, or some of the cells.
    private TableChange Code(TableAction action, (string From, YamlNode To, int Line) row, string table)
    {
        var cells = new Dictionary<string, string>(row.To is YamlScalarNode ? [new("code", Text(row.To))] : Cells(row.To, TableChange.CodeColumns[2..]), StringComparer.Ordinal)
        {
            ["from"] = row.From,
        };
        return new(action, table, true, new Dictionary<string, string> { ["from"] = row.From }, cells, row.Line);
    }

    private static Dictionary<string, string> NoCells { get; } = new Dictionary<string, string>();

    private Dictionary<string, string> Cells(YamlNode node, string[] columns)
    {
        var cells = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value, line) in Map(node))
        {
            cells[key] = columns.Contains(key) ? Text(value) : throw _source.Wrong(line, $"there is no column '{key}'; there are {string.Join(", ", columns)}");
        }

        return cells;
    }

    private IEnumerable<(string Key, YamlNode Value, int Line)> Map(YamlNode node) =>
        node is YamlMappingNode map ? map.Children.Select(c => (Text(c.Key), c.Value, Line(c.Key)))
        : node is YamlScalarNode { Value: null or "" } ? []
        : throw _source.Wrong(Line(node), "names with values are expected here");

    private IList<YamlNode> Items(YamlNode node) =>
        node is YamlSequenceNode list ? list.Children
        : node is YamlScalarNode { Value: null or "" } ? []
        : throw _source.Wrong(Line(node), "a list is expected here");

    private string Text(YamlNode node) => node is YamlScalarNode scalar ? scalar.Value ?? "" : throw _source.Wrong(Line(node), "a text is expected here");

    private static int Line(YamlNode node) => (int)node.Start.Line;
}
