using System.Collections.Frozen;

namespace FhirFacade.Translation.Codes;

/// <summary>One concept map: codes of a v2 table to FHIR codes.</summary>
internal sealed class CodeTable
{
    private const string Otherwise = "*";
    private readonly FrozenDictionary<string, CodeTarget> _rows;
    private readonly FrozenDictionary<string, CodeTarget> _names;

    public CodeTable(string name, string? v2Table, IEnumerable<KeyValuePair<string, CodeTarget>> rows)
    {
        Name = name;
        V2Table = v2Table;
        _rows = rows.ToFrozenDictionary(StringComparer.Ordinal);
        _names = Names(_rows);
    }

    public string Name { get; }

    /// <summary>Such as <c>HL70001</c>; null for maps that start from no v2 table.</summary>
    public string? V2Table { get; }

    /// <summary>
    /// The target of a code. Senders are careless: what is no code is also compared, without regard to case, with the codes, the FHIR codes
    /// and the displays. Null for an unknown code.
    /// </summary>
    public CodeTarget? Find(string code) =>
        code != Otherwise && (_rows.TryGetValue(code, out var target) || _names.TryGetValue(code, out target)) ? target : null;

    /// <summary>What stands in for an unknown code, where the element cannot do without one.</summary>
    public CodeTarget? Default => _rows.GetValueOrDefault(Otherwise);

    /// <summary>True if a coding that names this system (CWE.3) is one of this table's codes.</summary>
    public bool Accepts(string? system) => string.IsNullOrEmpty(system) || V2Table is null || system == V2Table || (system.Length == 4 && V2Table.EndsWith(system, StringComparison.Ordinal));

    // A name that leads to two different codes leads nowhere.
    private static FrozenDictionary<string, CodeTarget> Names(FrozenDictionary<string, CodeTarget> rows)
    {
        var names = new Dictionary<string, CodeTarget?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (from, target) in rows.OrderBy(static r => r.Key, StringComparer.Ordinal))
        {
            if (from == Otherwise)
            {
                continue;
            }

            Add(from, target);
            if (target.Code is not null && !target.IsError)
            {
                Add(target.Code, target);
                Add(target.Display, target);
            }
        }

        return names.Where(static n => n.Value is not null).ToFrozenDictionary(static n => n.Key, static n => n.Value!, StringComparer.OrdinalIgnoreCase);

        void Add(string? name, CodeTarget target)
        {
            if (name is not null && !names.TryAdd(name, target) && names[name]?.Code != target.Code)
            {
                names[name] = null;
            }
        }
    }
}
