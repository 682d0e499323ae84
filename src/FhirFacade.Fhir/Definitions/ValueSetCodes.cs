using System.Collections.Frozen;

namespace FhirFacade.Fhir.Definitions;

/// <summary>All codes of a value set that can be listed.</summary>
public sealed class ValueSetCodes
{
    private readonly FrozenDictionary<string, FrozenSet<string>> _bySystem;
    private readonly FrozenSet<string> _codes;

    internal ValueSetCodes(string url, IEnumerable<KeyValuePair<string, FrozenSet<string>>> systems)
    {
        Url = url;
        _bySystem = systems.ToFrozenDictionary(StringComparer.Ordinal);
        _codes = _bySystem.Values.SelectMany(codes => codes).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Canonical url, without a version.</summary>
    public string Url { get; }

    /// <summary>The code systems that the codes come from.</summary>
    public IReadOnlyCollection<string> Systems => _bySystem.Keys;

    /// <summary>Every code, whatever its system.</summary>
    public IReadOnlySet<string> Codes => _codes;

    /// <summary>Whether a bare code (an element of type code) is one of them.</summary>
    public bool Contains(string code) => _codes.Contains(code);

    /// <summary>Whether a code of a system is one of them.</summary>
    public bool Contains(string system, string code) => _bySystem.TryGetValue(system, out var codes) && codes.Contains(code);
}
