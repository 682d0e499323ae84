using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace FhirFacade.Translation.Segments;

/// <summary>The rows of which a map set is compiled: those of this build, or those with the tables that a feed profile changes. Immutable.</summary>
internal sealed class MapTables
{
    private static readonly ConcurrentDictionary<string, IReadOnlyList<IReadOnlyDictionary<string, string?>>> Built = new(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, IReadOnlyList<IReadOnlyDictionary<string, string?>>> _changed;

    private MapTables(FrozenDictionary<string, IReadOnlyList<IReadOnlyDictionary<string, string?>>> changed) => _changed = changed;

    /// <summary>As built in.</summary>
    public static MapTables Embedded { get; } = new(FrozenDictionary<string, IReadOnlyList<IReadOnlyDictionary<string, string?>>>.Empty);

    /// <summary>Segment maps or code tables are not as built in.</summary>
    public bool ChangesRows => _changed.Keys.Any(static path => path.Contains('/', StringComparison.Ordinal));

    /// <summary>The rows of a table such as <c>segments/PID-Patient.csv</c>, by column name.</summary>
    /// <exception cref="InvalidMapException">There is no such table.</exception>
    public IReadOnlyList<IReadOnlyDictionary<string, string?>> Read(string path) =>
        _changed.GetValueOrDefault(path) ?? Built.GetOrAdd(path, static p => MapFiles.Read(p));

    /// <summary>The same with other rows in these tables.</summary>
    public MapTables With(IEnumerable<KeyValuePair<string, IReadOnlyList<IReadOnlyDictionary<string, string?>>>> tables)
    {
        var changed = new Dictionary<string, IReadOnlyList<IReadOnlyDictionary<string, string?>>>(_changed, StringComparer.Ordinal);
        foreach (var (path, rows) in tables)
        {
            changed[path] = rows;
        }

        return new(changed.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
