using System.Collections.Immutable;
using FhirFacade.Fhir.Compartments;

namespace FhirFacade.Fhir.Access;

/// <summary>The order among rules and denials, on which <see cref="AccessGrant.Intersect"/> and <see cref="AccessGrant.Covers"/> stand.</summary>
internal static class GrantAlgebra
{
    private const Interactions Reading = Interactions.Read | Interactions.Search;
    private static readonly string[] directory = ["Location", "Organization", "Practitioner", "PractitionerRole"];
    private static readonly Interactions[] letters = [Interactions.Create, Interactions.Read, Interactions.Update, Interactions.Delete, Interactions.Search];

    /// <summary>
    /// The rule as rules that say for themselves what they open: a patient rule names its patient, a user rule its user (one that is
    /// a patient makes it a patient rule, one who reaches everybody a system rule), and its look into the directory is a rule of its
    /// own, since that depends on no patient.
    /// </summary>
    public static IEnumerable<AccessRule> Bound(AccessRule rule, string? patient, UserReach? user)
    {
        if (rule.Context == AccessContext.User && user is { IsEveryone: true } or { Type: "Patient" })
        {
            return user.IsEveryone ? Bound(rule with { Context = AccessContext.System, Reach = null }, null, null) : Bound(rule with { Context = AccessContext.Patient, Reach = null }, user.Id, null);
        }

        var bound = rule with
        {
            Filter = Conditions(rule.Filter),
            PatientId = rule.Context == AccessContext.Patient ? patient : null,
            Reach = rule.Context == AccessContext.User ? user : rule.Context == AccessContext.Patient ? rule.Reach : null,
        };
        switch (rule.Context)
        {
            case AccessContext.System:
                return [bound];
            case AccessContext.Patient when !string.IsNullOrEmpty(patient):
            case AccessContext.User when user is not null:
                var reading = bound with { Context = AccessContext.System, PatientId = null, Reach = null, Interactions = bound.Interactions & Reading };
                return rule.ResourceType == AccessRule.AnyType ? [bound, .. directory.Select(type => reading with { ResourceType = type })]
                    : PatientCompartment.IsDirectory(rule.ResourceType) ? [reading]
                    : PatientCompartment.Contains(rule.ResourceType) ? [bound]
                    : [];
            default:
                return [];
        }
    }

    public static AccessDenial Canonical(AccessDenial denial) => denial with { Filter = Conditions(denial.Filter) };

    /// <summary>What both rules open, by rules that are bound; null if that is nothing.</summary>
    public static AccessRule? Meet(AccessRule one, AccessRule other)
    {
        if (one.PatientId is not null && other.PatientId is not null && one.PatientId != other.PatientId)
        {
            return null;
        }

        // What is in the reach of two users at once has no rule of its own: it stays closed.
        if (one.Reach is not null && other.Reach is not null && one.Reach != other.Reach)
        {
            return null;
        }

        if ((one with { Context = other.Context, PatientId = other.PatientId, Reach = other.Reach }).Intersect(other) is not { } both)
        {
            return null;
        }

        var (patient, reach) = (one.PatientId ?? other.PatientId, one.Reach ?? other.Reach);
        return both with { Context = patient is not null ? AccessContext.Patient : reach is not null ? AccessContext.User : AccessContext.System, PatientId = patient, Reach = reach };
    }

    /// <summary>Whether one rule opens all that the other opens, and shows as much.</summary>
    public static bool Covers(AccessRule wider, AccessRule rule) =>
        (wider.PatientId is null || wider.PatientId == rule.PatientId)
        && (wider.Reach is null || wider.Reach == rule.Reach)
        && (wider.ResourceType == AccessRule.AnyType || wider.ResourceType == rule.ResourceType)
        && (wider.Interactions & rule.Interactions) == rule.Interactions
        && IsAmong(wider.Filter, rule.Filter)
        && rule.Masked.Hides(wider.Masked);

    /// <summary>The rule without the interactions that denials close on all of it.</summary>
    public static AccessRule Without(AccessRule rule, IEnumerable<AccessDenial> denials)
    {
        foreach (var denial in denials)
        {
            if (Covers(denial, rule.ResourceType, rule.PatientId, rule.Filter))
            {
                rule = rule with { Interactions = rule.Interactions & ~denial.Interactions };
            }
        }

        return rule;
    }

    /// <summary>The rules that no other covers, in order.</summary>
    public static ImmutableArray<AccessRule> Largest(IEnumerable<AccessRule> rules)
    {
        var all = rules.Where(rule => rule.Interactions != Interactions.None).Distinct().ToList();
        return
        [
            .. all.Where(rule => !all.Exists(other => other != rule && Covers(other, rule)))
                .OrderBy(rule => rule.ToScope(), StringComparer.Ordinal).ThenBy(rule => rule.PatientId, StringComparer.Ordinal)
                .ThenBy(rule => rule.Reach?.ToString(), StringComparer.Ordinal).ThenBy(rule => rule.Masked.ToString(), StringComparer.Ordinal),
        ];
    }

    /// <summary>The denials that close something that a rule opens; each interaction by the widest only.</summary>
    public static ImmutableArray<AccessDenial> Needed(List<AccessDenial> denials, ImmutableArray<AccessRule> rules)
    {
        var single = denials
            .SelectMany(denial => letters.Where(letter => denial.Interactions.HasFlag(letter) && rules.Any(rule => rule.Interactions.HasFlag(letter) && Overlap(denial, rule)))
                .Select(letter => denial with { Interactions = letter }))
            .Distinct().ToList();
        return
        [
            .. single.Where(denial => !single.Exists(other => other != denial && Covers(other, denial)))
                .GroupBy(denial => denial with { Interactions = Interactions.None })
                .Select(same => same.Key with { Interactions = same.Aggregate(Interactions.None, (all, denial) => all | denial.Interactions) })
                .OrderBy(denial => denial.ResourceType, StringComparer.Ordinal).ThenBy(denial => denial.PatientId, StringComparer.Ordinal)
                .ThenBy(denial => denial.Filter, StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether what the denial closes of a rule is closed by these denials.</summary>
    public static bool IsRespected(AccessDenial denial, AccessRule rule, ImmutableArray<AccessDenial> denials) =>
        !Overlap(denial, rule) || letters.All(letter => !denial.Interactions.HasFlag(letter) || !rule.Interactions.HasFlag(letter)
            || denials.Any(other => Covers(other, denial with { Interactions = letter })));

    private static bool Covers(AccessDenial wider, AccessDenial denial) =>
        (wider.Interactions & denial.Interactions) == denial.Interactions && Covers(wider, denial.ResourceType, denial.PatientId, denial.Filter);

    private static bool Covers(AccessDenial denial, string type, string? patient, string? filter) =>
        (denial.ResourceType == AccessRule.AnyType || denial.ResourceType == type)
        && (denial.PatientId is null || denial.PatientId == patient)
        && IsAmong(denial.Filter, filter);

    private static bool Overlap(AccessDenial denial, AccessRule rule) =>
        (denial.Interactions & rule.Interactions) != Interactions.None
        && (denial.ResourceType == AccessRule.AnyType || rule.ResourceType == AccessRule.AnyType || denial.ResourceType == rule.ResourceType)
        && (denial.PatientId is null || rule.PatientId is null || denial.PatientId == rule.PatientId);

    // An empty condition stays: it is one that nobody can decide, and not none.
    private static string? Conditions(string? filter) =>
        filter is null ? null : string.Join('&', filter.Split('&').Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    private static bool IsAmong(string? filter, string? narrower) => Words.Split(filter, '&').All(Words.Split(narrower, '&').Contains);
}
