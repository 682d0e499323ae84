using System.Collections.Frozen;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Storage.Schema;

/// <summary>Which resource types have a table, and what it is called.</summary>
public static class ResourceTables
{
    // https://hl7.org/fhir/R4/parameters.html and operationoutcome.html: neither has a RESTful endpoint.
    private static readonly FrozenSet<string> NeverStored = FrozenSet.Create(StringComparer.Ordinal, "Parameters", "OperationOutcome");

    private static readonly Lazy<FrozenDictionary<string, string>> Tables = new(() => R4.Definitions.ResourceTypes
        .Where(type => !NeverStored.Contains(type))
        .ToFrozenDictionary(type => type, Quoted, StringComparer.Ordinal));

    /// <summary>The types that can be stored.</summary>
    public static IReadOnlyCollection<string> Types => Tables.Value.Keys;

    /// <summary>True if resources of the type can be stored.</summary>
    public static bool Has(string type) => Tables.Value.ContainsKey(type);

    /// <summary>The table of current versions, schema-qualified and quoted, fit to be put into SQL.</summary>
    /// <exception cref="ArgumentException">There is no such type; nothing of the name reaches the SQL.</exception>
    public static string NameOf(string type) =>
        Tables.Value.TryGetValue(type, out var table) ? table : throw new ArgumentException("not a resource type that is stored", nameof(type));

    /// <summary>The side table of ranges (further dates, numbers, quantities), like <see cref="NameOf"/>.</summary>
    public static string RangesOf(string type) => SideTable(type, "_range");

    /// <summary>The side table of texts, like <see cref="NameOf"/>.</summary>
    public static string TextsOf(string type) => SideTable(type, "_text");

    /// <summary>The table of postings, like <see cref="NameOf"/>; only the types of <see cref="Search.Index.Postings"/> have one.</summary>
    public static string PostingsOf(string type) => SideTable(type, "_posting");

    private static string SideTable(string type, string suffix) => NameOf(type)[..^1] + suffix + "\"";

    private static string Quoted(string type) => $"r.\"{type.ToLowerInvariant()}\"";
}
