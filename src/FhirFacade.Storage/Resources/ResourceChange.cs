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

    /// <summary>Items of lists that the message removes in mode Merge: <c>extension/url</c>, or in a Patient <c>link/Patient/id</c>.</summary>
    public ImmutableArray<string> Removes { get; init; } = [];

    /// <summary>
    /// Not null if the change is about resources that the message does not name: all of the type that a patient has, but for some. Then
    /// <see cref="Id"/> is the patient's.
    /// </summary>
    public OtherResourcesOf? Others { get; init; }

    /// <summary>
    /// Not null if the change is about what refers to another resource: it refers to this one (<see cref="Type"/>, <see cref="Id"/>) from now on, in
    /// what is stored and in what still comes. The content says nothing.
    /// </summary>
    public MovedReferences? Moved { get; init; }

    /// <summary>
    /// True of practitioners, organisations and places that messages merely mention, in order of <see cref="Time"/> as everything else: but only when
    /// an element changes is it noted when it was said.
    /// </summary>
    public bool IsNamedInPassing { get; init; }

    /// <summary>True if there is nothing to change where there is no such resource.</summary>
    internal bool IsUpdateOnly { get; init; }

    /// <summary>True if a snapshot no longer carries the resource: it says nothing of what an event since then has spoken of.</summary>
    internal bool IsRetirement { get; init; }

    /// <summary>True if the resource has become another one: no event has spoken of what is left of it.</summary>
    internal bool IsRemainder { get; init; }

    /// <summary>True if it is about what is stored under this very id, whatever that has become.</summary>
    internal bool IsInPlace { get; init; }

    /// <summary>What the resource had under another id, and when that was said; null for nothing.</summary>
    internal InheritedState? Inherited { get; init; }

    /// <summary>
    /// When the event happened of which the message tells. An element keeps what the latest event said of it, whenever the message comes. Null
    /// where that is not known, or where no order is wanted: then the message counts when it comes.
    /// </summary>
    public DateTimeOffset? Time { get; init; }
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
