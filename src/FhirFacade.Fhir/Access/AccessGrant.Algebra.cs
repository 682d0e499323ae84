using System.Collections.Immutable;

namespace FhirFacade.Fhir.Access;

/// <content>Grants as sets of what they open: what two have in common, and whether one opens all that another does.</content>
public sealed partial record AccessGrant
{
    /// <summary>
    /// A grant that opens the same, written in the one way that all its equals are written in: each patient rule bound to its
    /// patient and each user rule to its user, nothing said twice, nothing that opens or closes nothing, in a fixed order. <see cref="Nothing"/> for one that
    /// opens nothing.
    /// </summary>
    public AccessGrant Normal()
    {
        if (Rules.IsDefaultOrEmpty || Purposes.IsNone)
        {
            return Nothing;
        }

        var denials = (Denials.IsDefault ? [] : Denials).Select(GrantAlgebra.Canonical).ToList();
        var rules = GrantAlgebra.Largest(Rules.SelectMany(rule => GrantAlgebra.Bound(rule, rule.PatientId ?? PatientId, rule.Reach ?? User)).Select(rule => GrantAlgebra.Without(rule, denials)));
        return rules.IsEmpty ? Nothing : this with { User = null, Rules = rules, Denials = GrantAlgebra.Needed(denials, rules) };
    }

    /// <summary>
    /// What both grants open, as a token's grant is cut down by a consent: what either denies stays denied, what either masks
    /// stays masked, and only purposes of both are left. An empty subject or client is anybody; grants of two different ones have
    /// nothing in common.
    /// </summary>
    public AccessGrant Intersect(AccessGrant other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (one, two) = (Normal(), other.Normal());
        if (one.Rules.IsEmpty || two.Rules.IsEmpty || Common(one.Subject, two.Subject) is not { } subject || Common(one.ClientId, two.ClientId) is not { } client)
        {
            return Nothing;
        }

        // Rules are bound to their patients by now. A grant of two patients is no grant of a single one, whatever a third says.
        var patient = one.PatientId is null || one.PatientId == two.PatientId ? two.PatientId : two.PatientId is null ? one.PatientId : "";
        ImmutableArray<AccessRule> rules = [.. one.Rules.SelectMany(rule => two.Rules.Select(its => GrantAlgebra.Meet(rule, its))).OfType<AccessRule>()];
        return new AccessGrant(subject, client, patient, rules)
        {
            Denials = [.. one.Denials, .. two.Denials],
            Purposes = one.Purposes.Intersect(two.Purposes),
            Consent = (ConsentMode)Math.Max((int)one.Consent, (int)two.Consent),
            Actor = one.Actor ?? two.Actor,
        }.Normal();
    }

    /// <summary>
    /// Whether this grant opens everything that the other opens, and shows as much of it. True is certain; false may also mean
    /// that it takes several rules together to open what one rule of the other does.
    /// </summary>
    public bool Covers(AccessGrant other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (one, two) = (Normal(), other.Normal());
        return two.Rules.IsEmpty
            || (one.Purposes.Cover(two.Purposes)
                && (one.Consent == ConsentMode.Off || (one.Consent <= two.Consent && one.Actor == two.Actor))
                && (one.Subject.Length == 0 || one.Subject == two.Subject)
                && (one.ClientId.Length == 0 || one.ClientId == two.ClientId)
                && two.Rules.All(rule => one.Rules.Any(wider => GrantAlgebra.Covers(wider, rule)))
                && one.Denials.All(denial => two.Rules.All(rule => GrantAlgebra.IsRespected(denial, rule, two.Denials))));
    }

    private static string? Common(string one, string other) => one.Length == 0 || one == other ? other : other.Length == 0 ? one : null;
}
