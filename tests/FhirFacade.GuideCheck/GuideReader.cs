namespace FhirFacade.GuideCheck;

/// <summary>The rows of the guide, as it is published: two header rows, then one mapping a row.</summary>
public static class GuideReader
{
    /// <param name="root">Folder with <c>messages</c>, <c>segments</c>, <c>datatypes</c> and <c>codesystems</c>.</param>
    public static IEnumerable<GuideRow> Read(string root) =>
        Rows(root, "messages", "messages", static r => r.Count > 10 ? (At(r, 1), At(r, 9), $"{At(r, 9)}/{At(r, 10)}") : default)
            .Concat(Rows(root, "segments", "segments", static r =>
                r.Count > 10 && (At(r, 9).Length > 0 || At(r, 10).Length > 0) ? (At(r, 1), Path(r), Path(r)) : default))
            .Concat(Rows(root, "datatypes", "datatypes", static r => r.Count > 9 ? (At(r, 1), At(r, 9), At(r, 9)) : default))
            .Concat(Rows(root, "codesystems", "codes", static r => r.Count > 6 ? (At(r, 0), At(r, 6), At(r, 6)) : default));

    private static IEnumerable<GuideRow> Rows(string root, string folder, string kind, Func<List<string>, (string Source, string Target, string Name)> read)
    {
        foreach (var file in Directory.EnumerateFiles(System.IO.Path.Combine(root, folder), "*.csv").Order(StringComparer.Ordinal))
        {
            var name = System.IO.Path.GetFileNameWithoutExtension(file);
            var seen = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var row in CsvTable.Read(file).Skip(2))
            {
                var (source, target, rest) = read(row);
                if (string.IsNullOrEmpty(target))
                {
                    continue;
                }

                var key = $"{kind}/{name}/{source}/{rest}";
                var times = seen[key] = seen.GetValueOrDefault(key) + 1;
                yield return new GuideRow(times == 1 ? key : $"{key}#{times}", kind, name, source, target);
            }
        }
    }

    // A row whose element is still a proposal has an extension in the next column.
    private static string Path(List<string> row) => At(row, 9) is { Length: > 0 } path ? path : "extension";

    private static string At(List<string> row, int column) => row[column].Trim().Replace("\r", "", StringComparison.Ordinal).Replace('\n', ' ');
}
