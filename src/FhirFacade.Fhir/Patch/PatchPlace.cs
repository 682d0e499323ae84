using System.Text.Json.Nodes;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Patch;

/// <summary>An element of the resource that is being patched.</summary>
/// <param name="Type">The type of its value.</param>
/// <param name="Json">Its value where that is an object; null for primitives.</param>
internal sealed record PatchPlace(TypeDefinition Type, JsonObject? Json)
{
    /// <summary>The object that holds the element; null for the resource itself.</summary>
    public JsonObject? Owner { get; init; }

    /// <summary>The type of the owner.</summary>
    public TypeDefinition? OwnerType { get; init; }

    /// <summary>The element in the owner; null for the resource itself.</summary>
    public ElementMatch? Match { get; init; }

    /// <summary>Its JSON name in the owner, without the underscore of a primitive's extensions.</summary>
    public string JsonName { get; init; } = "";

    /// <summary>Which repetition it is, from 0.</summary>
    public int Index { get; init; }
}
