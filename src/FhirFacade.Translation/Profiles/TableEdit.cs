using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.Profiles;

/// <summary>Applies what a profile says about tables.</summary>
internal static class TableEdit
{
    /// <summary>The tables with the changes of one profile, in their order.</summary>
    /// <exception cref="InvalidProfileException">A table or a row is not there, or a new row says nothing that FHIR has.</exception>
    public static MapTables Apply(MapTables tables, ProfileSource source)
    {
        var edited = new Dictionary<string, List<IReadOnlyDictionary<string, string?>>>(StringComparer.Ordinal);
        foreach (var change in source.Changes)
        {
            if (!edited.TryGetValue(change.Path, out var rows))
            {
                edited.Add(change.Path, rows = [.. Existing(tables, change, source)]);
            }

            Apply(change, rows, source);
        }

        return tables.With(edited.Select(static t => KeyValuePair.Create<string, IReadOnlyList<IReadOnlyDictionary<string, string?>>>(t.Key, t.Value)));
    }

    private static IReadOnlyList<IReadOnlyDictionary<string, string?>> Existing(MapTables tables, TableChange change, ProfileSource source)
    {
        try
        {
            return tables.Read(change.Path);
        }
        catch (InvalidMapException) when (change is { IsCodes: true, Action: TableAction.Add })
        {
            return [];
        }
        catch (InvalidMapException)
        {
            throw source.Wrong(change.Line, $"there is no table {change.Table}");
        }
    }

    private static void Apply(TableChange change, List<IReadOnlyDictionary<string, string?>> rows, ProfileSource source)
    {
        if (change.Action == TableAction.Clear)
        {
            rows.Clear();
            return;
        }

        if (change.Action == TableAction.Add)
        {
            Add(change, rows, source);
            return;
        }

        if (change.Where.Count == 0)
        {
            throw source.Wrong(change.Line, "it does not say which row");
        }

        var found = Enumerable.Range(0, rows.Count).Where(i => change.Where.All(c => rows[i].GetValueOrDefault(c.Key) == c.Value)).ToList();
        if (found.Count == 0 && change is { IsCodes: true, Action: TableAction.Replace })
        {
            Add(change, rows, source);
            return;
        }

        if (found.Count == 0)
        {
            throw source.Wrong(change.Line, $"{change.Table} has no row with {string.Join(", ", change.Where.Select(static c => $"{c.Key} {c.Value}"))}");
        }

        foreach (var index in found)
        {
            rows[index] = change.Action == TableAction.Replace ? Row(change, change.IsCodes ? null : rows[index], rows, source) : rows[index];
        }

        if (change.Action == TableAction.Drop)
        {
            rows.RemoveAll(row => change.Where.All(c => row.GetValueOrDefault(c.Key) == c.Value));
        }
    }

    private static void Add(TableChange change, List<IReadOnlyDictionary<string, string?>> rows, ProfileSource source)
    {
        if (change.IsCodes && rows.Any(row => row["from"] == change.Cells["from"]))
        {
            throw source.Wrong(change.Line, $"{change.Table} has the code already: replace it");
        }

        var row = Row(change, null, rows, source);
        if (!change.IsCodes && rows.Any(old => TableChange.SegmentColumns.All(c => old.GetValueOrDefault(c) == row[c])))
        {
            throw source.Wrong(change.Line, $"{change.Table} has this row already");
        }

        rows.Add(row);
    }

    private static Dictionary<string, string?> Row(
        TableChange change, IReadOnlyDictionary<string, string?>? old, List<IReadOnlyDictionary<string, string?>> rows, ProfileSource source)
    {
        var row = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var column in change.IsCodes ? TableChange.CodeColumns : TableChange.SegmentColumns)
        {
            row[column] = change.Cells.GetValueOrDefault(column) ?? old?.GetValueOrDefault(column);
        }

        if (change.IsCodes)
        {
            row["table"] = rows.Count > 0 ? rows[0]["table"] : null;
            row["system"] ??= row["code"] is null ? null : rows.FirstOrDefault(r => r["code"] == row["code"])?["system"] ?? OnlySystem(rows);
        }
        else if (row["path"] is { } path && TargetPath.Problem(change.Table, path) is { } problem)
        {
            throw source.Wrong(change.Line, problem);
        }

        new RowOrigin(source.File.Name, change.Line).Mark(row);
        return row;
    }

    private static string? OnlySystem(List<IReadOnlyDictionary<string, string?>> rows) =>
        rows.Select(static r => r["system"]).Where(static s => s is not null).Distinct().Take(2).ToList() is [var only] ? only : null;
}
