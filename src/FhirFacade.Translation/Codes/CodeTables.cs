using System.Collections.Concurrent;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.Codes;

/// <summary>The code tables of a map set, read when a map first names them.</summary>
internal sealed class CodeTables(MapTables source)
{
    private readonly ConcurrentDictionary<string, CodeTable> _tables = new(StringComparer.Ordinal);

    /// <exception cref="InvalidMapException">There is no such table.</exception>
    public CodeTable this[string name] => _tables.GetOrAdd(name, Load);

    private CodeTable Load(string name)
    {
        string? v2Table = null;
        var rows = new Dictionary<string, CodeTarget>(StringComparer.Ordinal);
        foreach (var row in source.Read($"codes/{name}.csv"))
        {
            v2Table ??= row["table"];
            if (row["from"] is { } from && !rows.TryAdd(from, new CodeTarget(row["code"], row["display"], row["system"])))
            {
                throw new InvalidMapException($"codes/{name}.csv: code {from} twice");
            }
        }

        return new CodeTable(name, v2Table, rows);
    }
}
