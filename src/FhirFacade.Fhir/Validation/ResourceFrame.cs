using System.Text.Json;
using FhirFacade.Fhir.FhirPath;

namespace FhirFacade.Fhir.Validation;

/// <summary>The resource that a node belongs to, and what its references can reach.</summary>
/// <param name="Resource">The nearest resource, contained or not: <c>%resource</c>.</param>
/// <param name="Container">The resource that holds the contained ones; the same where it is not contained.</param>
/// <param name="Type">The resource type.</param>
/// <param name="Context">For invariants of its elements.</param>
/// <param name="Outer">The frame around it: the container's or the Bundle's; null at the root.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record ResourceFrame(JsonElement Resource, JsonElement Container, string Type, FhirPathContext Context, ResourceFrame? Outer, NodePlace Place);
