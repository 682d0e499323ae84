using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace FhirFacade.Fhir.Definitions;

/// <summary>The types and value sets of one FHIR release. Immutable; safe for any number of threads.</summary>
public sealed class DefinitionSet
{
    private readonly FrozenDictionary<string, TypeDefinition> _types;
    private readonly FrozenSet<string> _resourceTypes;
    private readonly Lazy<FrozenDictionary<string, ValueSetCodes>> _valueSets;

    internal DefinitionSet(IEnumerable<TypeDefinition> types, Func<IEnumerable<ValueSetCodes>> valueSets)
    {
        _types = types.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);
        _resourceTypes = _types.Values.Where(type => type.Kind == TypeKind.Resource && !type.IsAbstract).Select(type => type.Name).ToFrozenSet(StringComparer.Ordinal);
        _valueSets = new(() => valueSets().ToFrozenDictionary(set => set.Url, StringComparer.Ordinal));
    }

    /// <summary>Every type, nested ones (<c>Patient.contact</c>) too.</summary>
    public IReadOnlyCollection<TypeDefinition> Types => _types.Values;

    /// <summary>The names of the resource types that instances can have (no DomainResource).</summary>
    public IReadOnlyCollection<string> ResourceTypes => _resourceTypes;

    /// <summary>Whether instances can have this resourceType. Case matters.</summary>
    public bool IsResourceType(string name) => _resourceTypes.Contains(name);

    /// <summary>The type of this name (<c>Patient</c>, <c>date</c>, <c>Patient.contact</c>), or null.</summary>
    public TypeDefinition? Type(string name) => _types.GetValueOrDefault(name);

    /// <summary>The type of this name, without a string of its own.</summary>
    public bool TryType(ReadOnlySpan<char> name, [NotNullWhen(true)] out TypeDefinition? type) =>
        _types.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out type);

    /// <summary>Whether a type is another or specialises it, over any number of steps.</summary>
    public bool IsA(string type, string ancestor)
    {
        for (var name = type; name is not null; name = Type(name)?.BaseType)
        {
            if (string.Equals(name, ancestor, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The codes of a value set (canonical url without version); null where they cannot be listed.</summary>
    public ValueSetCodes? ValueSet(string url) => _valueSets.Value.GetValueOrDefault(url);
}
