using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Terminology;

/// <summary>What is known of a concept beyond its name.</summary>
/// <param name="Parents">The codes directly above it.</param>
/// <param name="Children">The codes directly below it.</param>
/// <param name="Properties">Its properties, with their codes and types; places in the hierarchy are not among them.</param>
/// <param name="Designations">Its further names.</param>
/// <param name="Definition">What it means; null where that is not at hand.</param>
public sealed record ConceptDetails(
    ImmutableArray<string> Parents, ImmutableArray<string> Children, ImmutableArray<ConceptProperty> Properties, ImmutableArray<Designation> Designations, string? Definition)
{
    /// <summary>Nothing.</summary>
    public static ConceptDetails None { get; } = new([], [], [], [], null);
}

/// <summary>CodeSystem.concept.property.</summary>
/// <param name="Code">Which property.</param>
/// <param name="Value">Its value as text; of a Coding the code.</param>
/// <param name="Type">The FHIR type of the value: <c>code</c>, <c>string</c>, <c>boolean</c>, <c>integer</c>, <c>decimal</c>, <c>dateTime</c> or <c>Coding</c>.</param>
public sealed record ConceptProperty(string Code, string Value, string Type);

/// <summary>CodeSystem.concept.designation.</summary>
/// <param name="Language">The language; null where none is named.</param>
/// <param name="UseSystem">The system of <paramref name="UseCode"/>.</param>
/// <param name="UseCode">What it is for; null where nothing is said.</param>
/// <param name="Value">The name.</param>
public sealed record Designation(string? Language, string? UseSystem, string? UseCode, string Value)
{
    internal static ImmutableArray<Designation> Read(JsonElement concept) =>
    [
        .. concept.Items("designation").Where(designation => designation.Text("value") is not null)
            .Select(designation => new Designation(designation.Text("language"), designation.Part("use").Text("system"), designation.Part("use").Text("code"), designation.Text("value")!)),
    ];
}
