namespace FhirFacade.Translation.Profiles;

/// <summary>
/// Reads a profile written as a table: <c>do</c> says what a row does, <c>in</c> to which table, the other columns are those of the tables;
/// <c>name</c> and <c>value</c> belong to the rows that touch no table.
/// </summary>
internal static class CsvProfileReader
{
    private static readonly string[] Columns = ["do", "in", "was", "name", "value", .. TableChange.SegmentColumns, "from", "code", "display", "system"];

    /// <exception cref="InvalidProfileException">It is none.</exception>
    public static ProfileSource Read(ProfileFile file)
    {
        var source = new ProfileSource(file);
        var rules = new Dictionary<string, (Dictionary<string, IReadOnlyList<string>> Criteria, int Line)>(StringComparer.Ordinal);
        foreach (var (cells, line) in CsvRows.Read(file, Columns))
        {
            string Cell(string column) => cells.TryGetValue(column, out var cell) ? cell : throw source.Wrong(line, $"the column '{column}' is empty");

            switch (Cell("do"))
            {
                case "profile":
                    source.Name = Cell("value");
                    break;
                case "extends":
                    source.Extends = (Cell("value"), line);
                    break;
                case "match":
                    var number = cells.GetValueOrDefault("in", "");
                    rules.TryAdd(number, (new(StringComparer.Ordinal), line));
                    MatchCriteria.Add(rules[number].Criteria, Cell("name"), Cell("value").Split('|', StringSplitOptions.TrimEntries), source, line);
                    break;
                case "set":
                    source.Settings.Add((Cell("name"), cells.GetValueOrDefault("value", ""), line));
                    break;
                case "authority":
                    source.Authorities.Add((Cell("name"), Cell("value"), line));
                    break;
                case "codeSystem":
                    source.CodeSystems.Add((Cell("name"), Cell("value"), line));
                    break;
                case "conceptMap":
                    source.ConceptMaps.Add((Cell("value"), line));
                    break;
                case "add":
                    source.Changes.Add(Change(TableAction.Add, Cell("in"), cells, line));
                    break;
                case "replace":
                    source.Changes.Add(Change(TableAction.Replace, Cell("in"), cells, line));
                    break;
                case "drop":
                    source.Changes.Add(Change(TableAction.Drop, Cell("in"), cells, line));
                    break;
                case "clear":
                    source.Changes.Add(new(TableAction.Clear, Cell("in"), true, Only(cells), Only(cells), line));
                    break;
                case var other:
                    throw source.Wrong(line, $"a row cannot do '{other}'; it can profile, extends, match, set, authority, codeSystem, conceptMap, add, replace, drop, clear");
            }
        }

        source.Matches.AddRange(rules.Values.SelectMany(static r => FeedMatch.Of(r.Criteria, r.Line)));
        return source;
    }

    private static TableChange Change(TableAction action, string table, IReadOnlyDictionary<string, string> cells, int line)
    {
        if (cells.ContainsKey("from"))
        {
            return new(action, table, true, Only(cells, "from"), Only(cells, TableChange.CodeColumns[1..]), line);
        }

        if (action != TableAction.Replace)
        {
            return new(action, table, false, Only(cells, TableChange.SegmentKeys), Only(cells, TableChange.SegmentColumns), line);
        }

        // The new path stands in the column path; the old one, where the field alone does not tell the row, in the column was.
        var where = new Dictionary<string, string>(Only(cells, "field"), StringComparer.Ordinal);
        if (cells.TryGetValue("was", out var path))
        {
            where["path"] = path;
        }

        return new(action, table, false, where, Only(cells, TableChange.SegmentColumns), line);
    }

    private static Dictionary<string, string> Only(IReadOnlyDictionary<string, string> cells, params string[] columns) =>
        cells.Where(c => columns.Contains(c.Key)).ToDictionary(static c => c.Key, static c => c.Value, StringComparer.Ordinal);
}
