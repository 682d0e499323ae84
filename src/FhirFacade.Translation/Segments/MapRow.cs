using FhirFacade.Translation.Codes;

namespace FhirFacade.Translation.Segments;

/// <summary>One compiled row of a segment map.</summary>
internal sealed class MapRow
{
    /// <summary>The path as written, for lineage.</summary>
    public required string Path { get; init; }

    /// <summary>Component inside the field, 0 for the whole repetition.</summary>
    public int Component { get; init; }

    /// <summary>Null for a row that always applies.</summary>
    public MapCondition? When { get; init; }

    /// <summary>Index of the object that gets the value; -1 for the resource.</summary>
    public int Parent { get; init; }

    /// <summary>Property of the object; empty where a content map writes into the object itself.</summary>
    public required string Leaf { get; init; }

    /// <summary>The property is a list: the value is appended.</summary>
    public bool IsList { get; init; }

    /// <summary>Index under which later rows find the appended object; -1 for none.</summary>
    public int LeafNode { get; init; } = -1;

    /// <summary>Null for a constant.</summary>
    public DataTypeMap? Type { get; init; }

    /// <summary>Its name, for lineage.</summary>
    public string? TypeName { get; init; }

    public CodeTable? Table { get; init; }

    /// <summary>The constant, or a parameter of the data type map.</summary>
    public string? Constant { get; init; }

    /// <summary>The value may occur once for each repetition of the field.</summary>
    public bool TakesRepetitions { get; init; }

    /// <summary>Top-level element, for deletion; null where a deletion says nothing about it.</summary>
    public string? Deletes { get; init; }

    /// <summary>The extension that is deleted by its url.</summary>
    public string? DeletesUrl { get; init; }

    /// <summary>The half of a Period that is deleted alone.</summary>
    public string? DeletesHalf { get; init; }

    /// <summary>The value is the start or the end of a Period.</summary>
    public bool IsPeriodHalf { get; init; }
}
