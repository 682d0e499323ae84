namespace FhirFacade.GuideCheck;

/// <summary>The rows of the guide, as it is published: two header rows, then one mapping a row.</summary>
public static class GuideReader
{
    /// <param name="root">Folder with <c>messages</c>, <c>segments</c>, <c>datatypes</c> and <c>codesystems</c>.</param>
    public static IEnumerable<GuideRow> Read(string root) =>
        Rows(root, "messages", "messages", static r => r.Count > 10 ? (At(r, 1), At(r, 9), $"{At(r, 9)}/{At(r, 10)}", 10) : default)
            .Concat(Rows(root, "segments", "segments", static r =>
                r.Count > 10 && (At(r, 9).Length > 0 || At(r, 10).Length > 0) ? (At(r, 1), Path(r), Path(r), 15) : default))
            .Concat(Rows(root, "datatypes", "datatypes", static r => r.Count > 9 ? (At(r, 1), At(r, 9), At(r, 9), 15) : default))
            .Concat(Rows(root, "codesystems", "codes", static r => r.Count > 6 ? (At(r, 0), At(r, 6), At(r, 6), 0) : default));

    /// <summary>The segments of each message structure in their order, those without a target too.</summary>
    public static IEnumerable<(string Structure, IReadOnlyList<string> Segments)> Structures(string root) =>
        Files(root, "messages").Select(static f => (f.Name, (IReadOnlyList<string>)[.. CsvTable.Read(f.Path).Skip(2).Select(static r => At(r, 1)).Where(static id => id.Length > 0)]));

    /// <summary>The first code of a concept map that has a target, as a sample; null if there is no such map.</summary>
    public static string? SampleCode(string root, string map) =>
        Files(root, "codesystems").FirstOrDefault(f => string.Equals(f.Name, map, StringComparison.OrdinalIgnoreCase)).Path is { } file
            ? CsvTable.Read(file).Skip(2).Where(static r => r.Count > 6 && At(r, 0).Length > 0 && At(r, 6).Length > 0).Select(static r => At(r, 0)).FirstOrDefault()
            : null;

    private static IEnumerable<GuideRow> Rows(string root, string folder, string kind, Func<List<string>, (string Source, string Target, string Name, int Map)> read)
    {
        foreach (var (name, file) in Files(root, folder))
        {
            var seen = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var row in CsvTable.Read(file).Skip(2))
            {
                var (source, target, rest, map) = read(row);
                if (string.IsNullOrEmpty(target))
                {
                    continue;
                }

                var key = $"{kind}/{name}/{source}/{rest}";
                var times = seen[key] = seen.GetValueOrDefault(key) + 1;
                yield return new GuideRow(times == 1 ? key : $"{key}#{times}", kind, name, source, target)
                {
                    Type = kind == "codes" ? "" : At(row, 3),
                    Condition = kind == "codes" ? "" : At(row, 6),
                    Map = map > 0 ? At(row, map) : "",
                    Constant = map == 15 ? Quoted(At(row, 16)) : "",
                };
            }
        }
    }

    private static IEnumerable<(string Name, string Path)> Files(string root, string folder) =>
        Directory.EnumerateFiles(System.IO.Path.Combine(root, folder), "*.csv").Order(StringComparer.Ordinal).Select(static f => (System.IO.Path.GetFileNameWithoutExtension(f), f));

    // A row whose element is still a proposal has an extension in the next column.
    private static string Path(List<string> row) => At(row, 9) is { Length: > 0 } path ? path : "extension";

    // An assignment without quotes is a v2 path or an instruction.
    private static string Quoted(string text) => text.Length > 2 && text.IndexOf('"', 1) == text.Length - 1 ? text[1..^1].Trim() : "";

    private static string At(List<string> row, int column) =>
        column < row.Count ? row[column].Trim().Replace("\r", "", StringComparison.Ordinal).Replace('\n', ' ') : "";
}
