using System.Collections.Immutable;

namespace FhirFacade.Fhir.Definitions;

/// <summary>A StructureDefinition that constrains a type of R4: a profile, or the definition of an extension.</summary>
/// <param name="Url">Canonical url, without a version.</param>
/// <param name="Version">Business version; null where it has none.</param>
/// <param name="Type">The type that it constrains, such as <c>Observation</c> or <c>Extension</c>.</param>
/// <param name="BaseUrl">The definition that it is derived from.</param>
/// <param name="IsDifferential">
/// Whether <paramref name="Root"/> holds the differences from the base only, so that an instance is held to the base as well.
/// </param>
/// <param name="Contexts">Where an extension may stand; empty for everything else.</param>
/// <param name="Root">What it says about the instance and its elements, beyond what the type says.</param>
public sealed record Profile(
    string Url,
    string? Version,
    string Type,
    string? BaseUrl,
    bool IsDifferential,
    ImmutableArray<ExtensionContext> Contexts,
    ProfileElement Root)
{
    /// <summary>Rules under which an extension may stand where its contexts allow it (FHIRPath).</summary>
    public ImmutableArray<string> ContextInvariants { get; init; } = [];
}

/// <summary>One place where an extension may stand (StructureDefinition.context).</summary>
/// <param name="Type"><c>element</c>, <c>extension</c> or <c>fhirpath</c>.</param>
/// <param name="Expression">Path or type of an element, url of an extension, or FHIRPath.</param>
public sealed record ExtensionContext(string Type, string Expression);
