using System.Collections.Immutable;

namespace FhirFacade.Fhir.Access;

/// <summary>What a grant says about one resource type: a closed set of three answers.</summary>
public abstract record TypeAccess
{
    private TypeAccess()
    {
    }

    /// <summary>Nothing of this type may be touched.</summary>
    public sealed record Denied : TypeAccess;

    /// <summary>Every resource of this type, without a further condition.</summary>
    public sealed record Everything : TypeAccess;

    /// <summary>The resources that at least one of the openings lets through; there is at least one.</summary>
    public sealed record Restricted(ImmutableArray<Opening> Openings) : TypeAccess
    {
        /// <summary>The resources that stay closed even so; empty unless the caller enforces <see cref="Enforcement.Denials"/>.</summary>
        public ImmutableArray<AccessDenial> Denials { get; init; } = [];

        /// <inheritdoc/>
        public bool Equals(Restricted? other) =>
            other is not null && Openings.AsSpan().SequenceEqual(other.Openings.AsSpan()) && Denials.AsSpan().SequenceEqual(other.Denials.AsSpan());

        /// <inheritdoc/>
        public override int GetHashCode() => Openings.Length == 0 ? 0 : HashCode.Combine(Openings.Length, Openings[0]);
    }
}

/// <summary>One way in: every condition has to hold; there is at least one, or a mask or denial beside it.</summary>
/// <param name="PatientId">The resource belongs to exactly this patient, or is this patient; null: whoever it belongs to.</param>
/// <param name="Filter">The resource matches this search (see <see cref="AccessRule.Filter"/>); null: no search.</param>
public sealed record Opening(string? PatientId, string? Filter)
{
    /// <summary>The resource belongs to a patient in this user's reach; null: in anybody's.</summary>
    public UserReach? Reach { get; init; }

    /// <summary>The resource is one that the consents of its patient leave open (<see cref="AccessGrant.Consent"/>).</summary>
    public bool IsConsented { get; init; }

    /// <summary>What is not shown of a resource that comes this way; a way that shows more may lead to it as well.</summary>
    public ElementMask Masked { get; init; }
}
