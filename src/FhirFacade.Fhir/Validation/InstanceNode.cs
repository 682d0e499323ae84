using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.Validation;

/// <summary>One element of an instance with its type.</summary>
/// <param name="Json">The JSON; undefined for a primitive that has only an id or extensions.</param>
/// <param name="Shadow">Id and extensions of a primitive (<c>_name</c>); undefined where there are none.</param>
/// <param name="Type">Its type.</param>
/// <param name="Element">The element that it is in its parent's type; null for the root.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Frame">The resource that it belongs to.</param>
/// <param name="Parent">What it is an element of; null for the root.</param>
internal sealed record InstanceNode(
    JsonElement Json, JsonElement Shadow, TypeDefinition Type, ElementDefinition? Element, NodePlace Place, ResourceFrame Frame, InstanceNode? Parent)
{
    public bool IsPrimitive => Type.Kind == TypeKind.Primitive;

    /// <summary>The object that its elements are in.</summary>
    public JsonElement Holder => IsPrimitive ? Shadow : Json;

    /// <summary>The node for the FHIRPath engine.</summary>
    public FhirPathValue ToFocus() => FhirPathValue.From(new Collection(
        new Item(Json, ModelType.Find(Type.Name), Shadow.ValueKind == JsonValueKind.Object ? new Shadow(Shadow) : null)))[0];

    /// <summary>A text property, without a look at its type.</summary>
    public string? Text(string name) => Holder.Text(name);
}
