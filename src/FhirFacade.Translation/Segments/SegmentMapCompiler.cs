using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Codes;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Segments;

/// <summary>Turns the rows of a table <c>segments/PID-Patient.csv</c> into a <see cref="SegmentMap"/>.</summary>
internal static class SegmentMapCompiler
{
    private const string Assembly = "assembly";

    /// <exception cref="InvalidMapException">A row cannot be read; the message names file and row.</exception>
    public static SegmentMap Compile(string name, MapTables source, CodeTables tables)
    {
        var segment = name[..3];
        var nodes = new TargetNodes();
        var fields = new SortedDictionary<int, List<MapRow>>();
        var assembly = new HashSet<int>();
        var line = 1;
        foreach (var cells in source.Read($"segments/{name}.csv"))
        {
            line++;
            try
            {
                var at = Field(cells["field"], segment);
                if (cells["type"] == Assembly)
                {
                    assembly.Add(at.Field);
                    fields.TryAdd(at.Field, []);
                    continue;
                }

                if (!fields.TryGetValue(at.Field, out var rows))
                {
                    fields.Add(at.Field, rows = []);
                }

                rows.Add(Row(cells, at, segment, nodes, tables));
            }
            catch (InvalidMapException e)
            {
                throw InvalidMapException.At(cells, $"segments/{name}.csv", line, e);
            }
        }

        return new SegmentMap(name, nodes, [.. fields.Select(f => Group(f.Key, f.Value, nodes, assembly.Contains(f.Key)))]);
    }

    private static Coordinate Field(string? text, string segment)
    {
        if (text is null || text == segment)
        {
            return new Coordinate(segment);
        }

        return Coordinate.TryParse(text, out var at) && at.Segment == segment ? at : throw new InvalidMapException($"'{text}' is no field of {segment}");
    }

    private static MapRow Row(IReadOnlyDictionary<string, string?> cells, Coordinate at, string segment, TargetNodes nodes, CodeTables tables)
    {
        var path = cells["path"] ?? throw new InvalidMapException("no path");
        var field = at.ToString();
        var type = cells["type"] is { } typeName ? DataTypeMaps.All.GetValueOrDefault(typeName) ?? throw new InvalidMapException($"no data type map {typeName}") : null;
        if (type is null && cells["constant"] is null)
        {
            throw new InvalidMapException("neither a data type map nor a constant");
        }

        var steps = TargetNodes.Steps(path);
        var parent = -1;
        var isContent = type?.Content is not null;
        if (isContent != (path == "$this"))
        {
            throw new InvalidMapException("a content map goes with $this, and only that");
        }

        var last = isContent ? 0 : steps.Count - 1;
        for (var i = 0; i < last; i++)
        {
            parent = nodes.Index(parent, steps[i], field);
        }

        var (leaf, label, _) = isContent ? ("", null, null) : TargetNodes.Parse(steps[last]);
        var isList = label is not null;
        var top = TargetNodes.Parse(steps[0]).Name;
        return new MapRow
        {
            Path = path,
            Component = at.Component,
            When = MapConditionCompiler.Compile(cells["condition"], segment),
            Parent = parent,
            Leaf = string.Intern(leaf),
            IsList = isList,
            LeafNode = isList ? nodes.Index(parent, steps[last], field) : -1,
            Type = type,
            TypeName = cells["type"],
            Table = cells["table"] is { } table ? tables[table] : null,
            Constant = cells["constant"],
            TakesRepetitions = isList || nodes.IsRepeated(parent),
            Deletes = top is "$this" or "extension" or "meta" || top[0] == '_' || type is null ? null : top,
            DeletesUrl = top == "extension" && type is not null ? TargetNodes.Parse(steps[0]).Url : null,
            DeletesHalf = top == "period" && steps.Count == 2 ? steps[1] : null,
            IsPeriodHalf = leaf is "start" or "end" && steps.Count > 1 && steps[^2].EndsWith("eriod", StringComparison.Ordinal),
        };
    }

    private static FieldRows Group(int field, List<MapRow> rows, TargetNodes nodes, bool isAssembly) => new(
        field,
        [.. rows.Where(static r => r.Type is not null)],
        [.. rows.Where(static r => r.Type is null)],
        [.. rows.SelectMany(static r => new[] { r.Parent, r.LeafNode }).SelectMany(n => Repeated(n, nodes)).Distinct()],
        isAssembly);

    private static IEnumerable<int> Repeated(int node, TargetNodes nodes)
    {
        for (; node >= 0 && nodes.IsRepeated(node); node = nodes[node].Parent)
        {
            yield return node;
        }
    }
}
