using System.Collections.Immutable;

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
    /// Patient rules need a patient in the token. User rules open nothing as long as there is no model of what
    /// a user may see. Whatever is not opened by a rule stays closed.
    /// </remarks>
    public TypeAccess For(string resourceType, Interactions needed)
    {
        if (Rules.IsDefaultOrEmpty || string.IsNullOrEmpty(resourceType) || resourceType == AccessRule.AnyType)
        {
            return new TypeAccess.Denied();
        }

        var open = ImmutableArray.CreateBuilder<AccessRule>();
        foreach (var rule in Rules)
        {
            if (!rule.Covers(resourceType, needed) || !InForce(rule))
            {
                continue;
            }

            if (rule is { Context: AccessContext.System, Filter: null })
            {
                return new TypeAccess.Everything();
            }

            open.Add(rule);
        }

        return open.Count == 0 ? new TypeAccess.Denied() : new TypeAccess.Restricted(PatientId, open.ToImmutable());
    }

    private bool InForce(AccessRule rule) => rule.Context switch
    {
        AccessContext.System => true,
        AccessContext.Patient => !string.IsNullOrEmpty(PatientId),
        _ => false,
    };

    /// <summary>Two grants are equal if they say the same, rule by rule.</summary>
    public bool Equals(AccessGrant? other)
    {
        return other is not null && Subject == other.Subject && ClientId == other.ClientId && PatientId == other.PatientId
            && (Rules.IsDefaultOrEmpty ? other.Rules.IsDefaultOrEmpty : !other.Rules.IsDefaultOrEmpty && Rules.SequenceEqual(other.Rules));
    }

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Subject, ClientId, PatientId, Rules.IsDefault ? 0 : Rules.Length);
}
