using System.Collections.Immutable;
using System.Text.Json;

namespace FhirFacade.Fhir.Definitions;

/// <summary>What a profile says about one element or one slice of it. What it does not say is as the type has it.</summary>
public sealed record ProfileElement
{
    /// <summary>ElementDefinition.id, such as <c>Observation.category:Laboratory.coding</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Name in the type: <c>category</c>, <c>value</c> for <c>value[x]</c>; the type's name at the root.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the slice; null for the element as a whole.</summary>
    public string? SliceName { get; init; }

    /// <summary>Least number; 0 where nothing is added to the type.</summary>
    public int Min { get; init; }

    /// <summary>Greatest number; null where nothing is added to the type.</summary>
    public int? Max { get; init; }

    /// <summary>The types that the value may have; empty where nothing is added to the type.</summary>
    public ImmutableArray<ProfileType> Types { get; init; } = [];

    /// <summary>The value must equal this; undefined where there is none.</summary>
    public JsonElement Fixed { get; init; }

    /// <summary>The value must contain this; undefined where there is none.</summary>
    public JsonElement Pattern { get; init; }

    /// <summary>The least value of a number, date, time or quantity; undefined where there is none.</summary>
    public JsonElement MinValue { get; init; }

    /// <summary>The greatest value of a number, date, time or quantity; undefined where there is none.</summary>
    public JsonElement MaxValue { get; init; }

    /// <summary>Greatest length of a text in characters; null where there is none.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Where the codes come from.</summary>
    public Binding? Binding { get; init; }

    /// <summary>Rules that the type does not have.</summary>
    public ImmutableArray<Constraint> Constraints { get; init; } = [];

    /// <summary>How the repetitions are told apart; null where they are not.</summary>
    public Slicing? Slicing { get; init; }

    /// <summary>The slices, in their order.</summary>
    public ImmutableArray<ProfileElement> Slices { get; init; } = [];

    /// <summary>Elements of the element.</summary>
    public ImmutableArray<ProfileElement> Children { get; init; } = [];

    /// <summary>Whether systems must support the element.</summary>
    public bool MustSupport { get; init; }

    /// <summary>The child of a name, or null.</summary>
    public ProfileElement? Child(string name) => Children.FirstOrDefault(child => child.Name == name);
}

/// <summary>A type that a value may have.</summary>
/// <param name="Code">Name of the type.</param>
/// <param name="Profiles">Profiles of which the value must conform to one; empty for none.</param>
/// <param name="TargetProfiles">Profiles or types of which a reference's target has to be one; empty for any.</param>
public sealed record ProfileType(string Code, ImmutableArray<string> Profiles, ImmutableArray<string> TargetProfiles);

/// <summary>How the repetitions of an element are told apart (ElementDefinition.slicing).</summary>
/// <param name="Discriminators">What tells them apart; empty where only the slices' own rules do.</param>
/// <param name="IsOrdered">Whether they stand in the order of the slices.</param>
/// <param name="Rules">What may stand there besides them.</param>
public sealed record Slicing(ImmutableArray<Discriminator> Discriminators, bool IsOrdered, SlicingRules Rules);

/// <summary>What tells slices apart.</summary>
/// <param name="Type">How the value at the path decides.</param>
/// <param name="Path">Restricted FHIRPath from the sliced element.</param>
public sealed record Discriminator(DiscriminatorType Type, string Path);

/// <summary>http://hl7.org/fhir/discriminator-type</summary>
public enum DiscriminatorType
{
    /// <summary>By fixed value, pattern or required binding.</summary>
    Value,

    /// <summary>As <see cref="Value"/>.</summary>
    Pattern,

    /// <summary>By being there or not.</summary>
    Exists,

    /// <summary>By type.</summary>
    Type,

    /// <summary>By conformance to a profile.</summary>
    Profile,
}

/// <summary>http://hl7.org/fhir/resource-slicing-rules</summary>
public enum SlicingRules
{
    /// <summary>Others may stand anywhere.</summary>
    Open,

    /// <summary>There are no others.</summary>
    Closed,

    /// <summary>Others stand behind the slices.</summary>
    OpenAtEnd,
}
