namespace FhirFacade.Fhir.Access;

/// <summary>Elements that are not shown, as paths such as <c>Patient.telecom</c>. Equal where the paths are.</summary>
public readonly record struct ElementMask
{
    private readonly string? paths;

    private ElementMask(string? paths) => this.paths = paths;

    /// <summary>Everything is shown.</summary>
    public static ElementMask None => default;

    /// <summary>Whether everything is shown.</summary>
    public bool IsNone => paths is null;

    /// <summary>The hidden elements, each once, in ordinal order.</summary>
    public IReadOnlyList<string> Paths => Words.Split(paths);

    /// <summary>A mask of these paths; in any order, blank ones are none.</summary>
    public static ElementMask Of(params IEnumerable<string> paths) => new(Words.Join(paths));

    /// <summary>Whether all that the other hides is hidden here too.</summary>
    public bool Hides(ElementMask other) => other.Paths.All(Paths.Contains);

    /// <summary>The part of it that speaks of one resource type.</summary>
    public ElementMask In(string resourceType) =>
        IsNone ? this : Of(Paths.Where(path => path.Length > resourceType.Length && path[resourceType.Length] == '.' && path.StartsWith(resourceType, StringComparison.Ordinal)));

    /// <summary>What either hides.</summary>
    public ElementMask And(ElementMask other) => Of(Paths.Concat(other.Paths));

    /// <inheritdoc/>
    public override string ToString() => paths ?? "";
}
