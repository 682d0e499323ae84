using System.Collections.Immutable;

namespace FhirFacade.Fhir.Definitions;

/// <summary>All codes of a value set that can be listed.</summary>
public sealed class ValueSetCodes
{
    private readonly Dictionary<string, HashSet<string>> _bySystem;
    private readonly HashSet<string> _codes;

    internal ValueSetCodes(string url, IEnumerable<KeyValuePair<string, HashSet<string>>> systems)
    {
        Url = url;
        _bySystem = new(systems, StringComparer.Ordinal);
        _codes = _bySystem.Count == 1 ? _bySystem.Values.Single() : _bySystem.Values.SelectMany(codes => codes).ToHashSet(StringComparer.Ordinal);
        Systems = [.. _bySystem.Keys];
    }

    /// <summary>Canonical url, without a version.</summary>
    public string Url { get; }

    /// <summary>The code systems that the codes come from.</summary>
    public ImmutableArray<string> Systems { get; }

    /// <summary>Every code, whatever its system.</summary>
    public IReadOnlyCollection<string> Codes => _codes;

    /// <summary>Whether a bare code (an element of type code) is one of them. Case matters.</summary>
    public bool Contains(string code) => _codes.Contains(code);

    /// <summary>As <see cref="Contains(string)"/>, without a string of its own.</summary>
    public bool Contains(ReadOnlySpan<char> code) => _codes.GetAlternateLookup<ReadOnlySpan<char>>().Contains(code);

    /// <summary>Whether a code of a system is one of them.</summary>
    public bool Contains(string system, string code) => _bySystem.TryGetValue(system, out var codes) && codes.Contains(code);
}
