using FhirFacade.Storage.Schema;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>The rows that a condition is about: those of a type, or those of a type that are contained in resources.</summary>
/// <param name="Alias">What the statement calls them.</param>
/// <param name="Type">The type of the resources.</param>
/// <param name="Container">The rows that contain them; null for resources of their own.</param>
internal sealed record RowTable(string Alias, string Type, RowTable? Container = null)
{
    /// <summary>The side table of their ranges.</summary>
    public string Ranges => Container is null ? ResourceTables.RangesOf(Type) : "contained_range";

    /// <summary>The side table of their texts.</summary>
    public string Texts => Container is null ? ResourceTables.TextsOf(Type) : "contained_text";
}
