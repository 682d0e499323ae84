using System.Collections.Immutable;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.Consents;

namespace FhirFacade.Fhir.Access;

/// <summary>Everything that a request may touch, as plain data. Made once for a token, enforced inside every query.</summary>
/// <param name="Subject">Who asks (the token's <c>sub</c>).</param>
/// <param name="ClientId">Through which application.</param>
/// <param name="PatientId">The logical id of the patient in context; without it, patient rules open nothing.</param>
/// <param name="Rules">The openings. None means that nothing is open.</param>
public sealed partial record AccessGrant(string Subject, string ClientId, string? PatientId, ImmutableArray<AccessRule> Rules)
{
    // Whoever does not see an element would erase it.
    private const Interactions Replacing = Interactions.Update | Interactions.Delete;

    private const Interactions Reading = Interactions.Read | Interactions.Search;

    /// <summary>The grant of somebody unknown: it opens nothing.</summary>
    public static AccessGrant Nothing { get; } = new("", "", null, []);

    /// <summary>Whose rights rules of the user context draw on; without it they open nothing.</summary>
    public UserReach? User { get; init; }

    /// <summary>Whether patients' consents are asked, and what holds where none decides.</summary>
    public ConsentMode Consent { get; init; }

    /// <summary>The person who asks, as a reference such as <c>Practitioner/1</c>: who is meant where a consent names somebody. Null: nobody in particular.</summary>
    public string? Actor { get; init; }

    /// <summary>What is closed whatever the rules open.</summary>
    public ImmutableArray<AccessDenial> Denials { get; init; } = [];

    /// <summary>What the data may be used for. The grant of a request has one purpose only: see <see cref="Purpose"/>.</summary>
    public PurposesOfUse Purposes { get; init; }

    /// <summary>
    /// What this request wants data for: a code of v3-ActReason (<see cref="PurposeOfUse"/>), checked against what the client may claim. Empty for a grant that is no
    /// request's, or that opens nothing.
    /// </summary>
    public string Purpose => Purposes.Only ?? "";

    /// <summary>
    /// All that any rule hides. What a resource shows does not depend on the rule by which it is reached: whoever has one element
    /// hidden in one way has it hidden in all.
    /// </summary>
    public ElementMask Masked => Rules.IsDefault ? ElementMask.None : Rules.Aggregate(ElementMask.None, (all, rule) => rule.Masked.IsNone ? all : all.And(rule.Masked));

    /// <summary>This grant where data is wanted for the purpose: itself, or nothing.</summary>
    public AccessGrant ForPurpose(string code) => Purposes.Allow(code) ? this : Nothing;

    /// <summary>What this grant allows on a resource type.</summary>
    /// <param name="resourceType">An R4 resource type; <c>*</c> is not a type and is denied.</param>
    /// <param name="needed">All the interactions that are wanted; a single rule has to give them all. None is denied.</param>
    /// <param name="enforced">What the caller can enforce beside the openings; it is told of nothing that needs more.</param>
    /// <remarks>
    /// Patient rules need a patient in the token; they open that patient's compartment, and the directory (who, where) for
    /// reading. User rules do the same for the patients in the user's reach, but do not let the user write what makes that reach.
    /// Whatever no rule opens stays closed, and a denial wins over every rule. A rule that hides elements of the type does not let
    /// resources of it be replaced or deleted.
    /// </remarks>
    public TypeAccess For(string resourceType, Interactions needed, Enforcement enforced = Enforcement.None)
    {
        if (Rules.IsDefaultOrEmpty || string.IsNullOrEmpty(resourceType) || resourceType == AccessRule.AnyType || Purposes.IsNone)
        {
            return new TypeAccess.Denied();
        }

        ImmutableArray<AccessDenial> denials = Denials.IsDefaultOrEmpty ? [] : [.. Denials.Where(denial => denial.Touches(resourceType, needed))];
        if (!denials.IsEmpty && (!enforced.HasFlag(Enforcement.Denials) || denials.Any(denial => denial.IsUnconditional)))
        {
            return new TypeAccess.Denied();
        }

        var isConsented = Consent != ConsentMode.Off && ConsentSubjects.Has(resourceType);
        var openings = ImmutableArray.CreateBuilder<Opening>();
        foreach (var rule in Rules.Where(rule => rule.Covers(resourceType, needed)))
        {
            switch (Open(rule, resourceType, needed))
            {
                case null:
                case { Masked.IsNone: false } when !enforced.HasFlag(Enforcement.Masks) || (needed & Replacing) != Interactions.None:
                    break;
                case { } asked when isConsented && !IsOwn(asked):
                    if (enforced.HasFlag(Enforcement.Consents))
                    {
                        openings.Add(asked with { IsConsented = true });
                    }

                    break;
                case { PatientId: null, Reach: null, Filter: null, Masked.IsNone: true } when denials.IsEmpty:
                    return new TypeAccess.Everything();
                case { } opening:
                    openings.Add(opening);
                    break;
            }
        }

        return openings.Count == 0 ? new TypeAccess.Denied() : new TypeAccess.Restricted(openings.ToImmutable()) { Denials = denials };
    }

    // Nobody needs a consent to see their own record.
    private bool IsOwn(Opening opening) => opening.PatientId is { } patient && Actor == "Patient/" + patient;

    private Opening? Open(AccessRule rule, string resourceType, Interactions needed)
    {
        var patient = rule.PatientId ?? PatientId;
        return rule.Context switch
        {
            AccessContext.Patient when rule.Reach is { } reach && MakesReach(reach, resourceType, needed) => null,
            AccessContext.System => new Opening(null, rule.Filter) { Masked = rule.Masked.In(resourceType) },
            AccessContext.Patient when string.IsNullOrEmpty(patient) => null,
            AccessContext.Patient when PatientCompartment.IsDirectory(resourceType) =>
                (needed & ~Reading) == Interactions.None ? new Opening(null, rule.Filter) { Masked = rule.Masked.In(resourceType) } : null,
            AccessContext.Patient when PatientCompartment.Contains(resourceType) => new Opening(patient, rule.Filter) { Reach = rule.Reach, Masked = rule.Masked.In(resourceType) },
            AccessContext.User => OpenForUser(rule, rule.Reach ?? User, resourceType, needed),
            _ => null,
        };
    }

    private static Opening? OpenForUser(AccessRule rule, UserReach? user, string resourceType, Interactions needed)
    {
        if (user is null)
        {
            return null;
        }

        var whole = new Opening(null, rule.Filter) { Masked = rule.Masked.In(resourceType) };
        return user.IsEveryone ? whole
            : PatientCompartment.IsDirectory(resourceType) ? (needed & ~Reading) == Interactions.None ? whole : null
            : !PatientCompartment.Contains(resourceType) || MakesReach(user, resourceType, needed) ? null
            : user.Type == "Patient" ? whole with { PatientId = user.Id }
            : whole with { Reach = user };
    }

    // Who reaches patients by what is written about them cannot write just that: nobody lets themselves in.
    private static bool MakesReach(UserReach user, string resourceType, Interactions needed) =>
        user is { IsEveryone: false, Type: not "Patient" } && (needed & ~Reading) != Interactions.None
        && resourceType is "CareTeam" or "Encounter" or "Patient" or "RelatedPerson";

    /// <summary>Two grants are equal if they say the same, rule by rule.</summary>
    public bool Equals(AccessGrant? other)
    {
        return other is not null && Subject == other.Subject && ClientId == other.ClientId && PatientId == other.PatientId && User == other.User && Purposes == other.Purposes
            && Consent == other.Consent && Actor == other.Actor
            && Same(Rules, other.Rules) && Same(Denials, other.Denials);
    }

    private static bool Same<T>(ImmutableArray<T> one, ImmutableArray<T> other) =>
        one.IsDefaultOrEmpty ? other.IsDefaultOrEmpty : !other.IsDefaultOrEmpty && one.SequenceEqual(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Subject, ClientId, PatientId, Rules.IsDefault ? 0 : Rules.Length);
}
