using System.Collections.Frozen;

namespace FhirFacade.Translation.Codes;

/// <summary>One concept map: codes of a v2 table to FHIR codes.</summary>
internal sealed class CodeTable
{
    private const string Otherwise = "*";
    private readonly FrozenDictionary<string, CodeTarget> _rows;

    public CodeTable(string name, string? v2Table, IEnumerable<KeyValuePair<string, CodeTarget>> rows)
    {
        Name = name;
        V2Table = v2Table;
        _rows = rows.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public string Name { get; }

    /// <summary>Such as <c>HL70001</c>; null for maps that start from no v2 table.</summary>
    public string? V2Table { get; }

    /// <summary>The target of a code; upper case is tried second, since senders are careless with it. Null for an unknown code.</summary>
    public CodeTarget? Find(string code) =>
        _rows.TryGetValue(code, out var target) || _rows.TryGetValue(code.ToUpperInvariant(), out target) ? target : null;

    /// <summary>What stands in for an unknown code, where the element cannot do without one.</summary>
    public CodeTarget? Default => _rows.GetValueOrDefault(Otherwise);

    /// <summary>True if a coding that names this system (CWE.3) is one of this table's codes.</summary>
    public bool Accepts(string? system) => string.IsNullOrEmpty(system) || V2Table is null || system == V2Table || (system.Length == 4 && V2Table.EndsWith(system, StringComparison.Ordinal));
}
