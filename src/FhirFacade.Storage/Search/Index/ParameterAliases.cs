using System.Collections.Frozen;
using System.Collections.Immutable;

namespace FhirFacade.Storage.Search.Index;

/// <summary>
/// Parameters whose values are, by definition, those of other parameters together. They are searched through those and
/// indexed once: an Observation would carry every code and value twice.
/// </summary>
public static class ParameterAliases
{
    private static readonly FrozenDictionary<(string Type, string Code), ImmutableArray<string>> aliases =
        new Dictionary<(string, string), ImmutableArray<string>>
        {
            [("Observation", "combo-code")] = ["code", "component-code"],
            [("Observation", "combo-value-concept")] = ["value-concept", "component-value-concept"],
            [("Observation", "combo-value-quantity")] = ["value-quantity", "component-value-quantity"],
            [("Observation", "combo-code-value-concept")] = ["code-value-concept", "component-code-value-concept"],
            [("Observation", "combo-code-value-quantity")] = ["code-value-quantity", "component-code-value-quantity"],
            [("Observation", "combo-data-absent-reason")] = ["data-absent-reason", "component-data-absent-reason"],
        }.ToFrozenDictionary();

    private static readonly FrozenSet<string> types = aliases.Keys.Select(alias => alias.Type).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether any parameter of the type stands for others.</summary>
    public static bool AreIn(string type) => types.Contains(type);

    /// <summary>The parameters that hold the values: itself, unless it stands for others.</summary>
    public static ImmutableArray<string> Of(string type, string code) => aliases.TryGetValue((type, code), out var codes) ? codes : [code];

    /// <summary>Whether the parameter's values are indexed under other parameters.</summary>
    public static bool IsAlias(string type, string code) => aliases.ContainsKey((type, code));
}
