using System.Collections.Immutable;
using FhirFacade.Fhir.Compartments;

namespace FhirFacade.Fhir.Access;

/// <summary>Everything that a request may touch, as plain data. Made once for a token, enforced inside every query.</summary>
/// <param name="Subject">Who asks (the token's <c>sub</c>).</param>
/// <param name="ClientId">Through which application.</param>
/// <param name="PatientId">The logical id of the patient in context; without it, patient rules open nothing.</param>
/// <param name="Rules">The openings. None means that nothing is open.</param>
public sealed record AccessGrant(string Subject, string ClientId, string? PatientId, ImmutableArray<AccessRule> Rules)
{
    /// <summary>The grant of somebody unknown: it opens nothing.</summary>
    public static AccessGrant Nothing { get; } = new("", "", null, []);

    /// <summary>What this grant allows on a resource type.</summary>
    /// <param name="resourceType">An R4 resource type; <c>*</c> is not a type and is denied.</param>
    /// <param name="needed">All the interactions that are wanted; a single rule has to give them all. None is denied.</param>
    /// <remarks>
    /// Patient rules need a patient in the token; they open that patient's compartment, and the directory (who, where) for
    /// reading. User rules open nothing as long as there is no model of what a user may see. Whatever no rule opens stays closed.
    /// </remarks>
    public TypeAccess For(string resourceType, Interactions needed)
    {
        if (Rules.IsDefaultOrEmpty || string.IsNullOrEmpty(resourceType) || resourceType == AccessRule.AnyType)
        {
            return new TypeAccess.Denied();
        }

        var openings = ImmutableArray.CreateBuilder<Opening>();
        foreach (var rule in Rules.Where(rule => rule.Covers(resourceType, needed)))
        {
            switch (Open(rule, resourceType, needed))
            {
                case null:
                    break;
                case { PatientId: null, Filter: null }:
                    return new TypeAccess.Everything();
                case { } opening:
                    openings.Add(opening);
                    break;
            }
        }

        return openings.Count == 0 ? new TypeAccess.Denied() : new TypeAccess.Restricted(openings.ToImmutable());
    }

    private Opening? Open(AccessRule rule, string resourceType, Interactions needed)
    {
        return rule.Context switch
        {
            AccessContext.System => new Opening(null, rule.Filter),
            AccessContext.Patient when string.IsNullOrEmpty(PatientId) => null,
            AccessContext.Patient when PatientCompartment.IsDirectory(resourceType) =>
                (needed & ~(Interactions.Read | Interactions.Search)) == Interactions.None ? new Opening(null, rule.Filter) : null,
            AccessContext.Patient when PatientCompartment.Contains(resourceType) => new Opening(PatientId, rule.Filter),
            _ => null,
        };
    }

    /// <summary>Two grants are equal if they say the same, rule by rule.</summary>
    public bool Equals(AccessGrant? other)
    {
        return other is not null && Subject == other.Subject && ClientId == other.ClientId && PatientId == other.PatientId
            && (Rules.IsDefaultOrEmpty ? other.Rules.IsDefaultOrEmpty : !other.Rules.IsDefaultOrEmpty && Rules.SequenceEqual(other.Rules));
    }

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Subject, ClientId, PatientId, Rules.IsDefault ? 0 : Rules.Length);
}
