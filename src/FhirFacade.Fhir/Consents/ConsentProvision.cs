namespace FhirFacade.Fhir.Consents;

/// <summary>
/// A rule of a consent, as a node of a tree: it holds where all its conditions and those of the rules above it do, except where a rule below it holds. A condition that
/// is null is none.
/// </summary>
/// <remarks>Whether a condition holds may be uncertain. A denial applies as long as it may, a permission only where it does for certain.</remarks>
/// <param name="Parent">The number of the rule that it is an exception to; -1 for none. A rule has a greater number than its parent.</param>
/// <param name="Denies">Whether it closes what it covers, or opens it.</param>
public sealed record ConsentProvision(int Parent, bool Denies)
{
    /// <summary>Whether something about it is not understood: it never holds for certain.</summary>
    public bool IsOpaque { get; init; }

    /// <summary>From when on it is valid.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>The first instant at which it is no longer valid.</summary>
    public DateTimeOffset? ValidTo { get; init; }

    /// <summary>Who asks: references such as <c>Practitioner/1</c>.</summary>
    public ConsentTerms<string>? Actors { get; init; }

    /// <summary>What is done.</summary>
    public ConsentTerms<ConsentActions>? Actions { get; init; }

    /// <summary>What for: codes of v3-ActReason, with all below them.</summary>
    public ConsentTerms<string>? Purposes { get; init; }

    /// <summary>Purposes that are wider than one of <see cref="Purposes"/>: a request for one of them may be for that.</summary>
    public ConsentTerms<string>? WiderPurposes { get; init; }

    /// <summary>Resource types; beside <see cref="DocumentTypes"/> and <see cref="Profiles"/>, any of which will do.</summary>
    public ConsentTerms<string>? Types { get; init; }

    /// <summary>Types of documents.</summary>
    public ConsentTerms<ConsentCode>? DocumentTypes { get; init; }

    /// <summary>Profiles that resources claim.</summary>
    public ConsentTerms<string>? Profiles { get; init; }

    /// <summary>Codes that stand anywhere in the resource.</summary>
    public ConsentTerms<ConsentCode>? Codes { get; init; }

    /// <summary>Resources by name.</summary>
    public ConsentTerms<ConsentData>? Data { get; init; }

    /// <summary>Security labels: all of them for certain, some of them perhaps.</summary>
    public ConsentTerms<ConsentCode>? Labels { get; init; }

    /// <summary>From when on the data are.</summary>
    public DateTimeOffset? DataFrom { get; init; }

    /// <summary>The first instant after the data.</summary>
    public DateTimeOffset? DataTo { get; init; }
}
