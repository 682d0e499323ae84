using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FhirFacade.Storage.Resources;

/// <summary>How a message's resource meets the stored one.</summary>
public enum ChangeMode
{
    /// <summary>Element by element: absent leaves, null deletes, present replaces (<see cref="Fhir.Json.MergePatch"/>).</summary>
    Merge,

    /// <summary>As it is.</summary>
    Replace,
}

/// <summary>What a message says about one resource.</summary>
/// <param name="Type">Resource type.</param>
/// <param name="Id">Logical id, made from the business key.</param>
/// <param name="Content">The resource; it is not changed.</param>
/// <param name="Mode">How it meets what is stored.</param>
public sealed record ResourceChange(string Type, string Id, JsonObject Content, ChangeMode Mode)
{
    /// <summary>Top-level elements that stand in the content only because R4 requires them: a merge leaves the stored ones as they are.</summary>
    public ImmutableArray<string> Presumed { get; init; } = [];

    /// <summary>The fields that its elements came from, to be kept with the version that it makes; null for none.</summary>
    public ResourceLineage? Lineage { get; init; }
}

/// <summary>What a change did.</summary>
public enum ChangeOutcome
{
    /// <summary>The resource did not exist.</summary>
    Created,

    /// <summary>There is a new version.</summary>
    Updated,

    /// <summary>It said nothing new.</summary>
    Unchanged,
}
