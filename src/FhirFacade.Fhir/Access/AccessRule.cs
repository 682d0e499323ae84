namespace FhirFacade.Fhir.Access;

/// <summary>One opening in an otherwise closed door: what a single SMART scope lets through.</summary>
/// <param name="Context">Whose rights it draws on.</param>
/// <param name="ResourceType">An R4 resource type, or <c>*</c> for every type.</param>
/// <param name="Interactions">What may be done; <see cref="Interactions.None"/> opens nothing.</param>
/// <param name="Filter">
/// A search that a resource must match, as written after the question mark of a granular scope
/// (<c>category=http://...|laboratory&amp;status=final</c>: all of them); null is no further condition.
/// </param>
public sealed record AccessRule(AccessContext Context, string ResourceType, Interactions Interactions, string? Filter = null)
{
    /// <summary>The resource type that stands for all of them.</summary>
    public const string AnyType = "*";

    /// <summary>The patient that a rule of the patient context is about; null: the one of the grant that it is in.</summary>
    public string? PatientId { get; init; }

    /// <summary>The user whose patients a rule is about; null: for a rule of the user context the one of the grant that it is in, else nobody's in particular.</summary>
    public UserReach? Reach { get; init; }

    /// <summary>Elements that this rule does not show.</summary>
    public ElementMask Masked { get; init; }

    /// <summary>True if the rule speaks of this type and lets every one of the needed interactions through.</summary>
    /// <returns>False when <paramref name="needed"/> is empty: nobody is given nothing-in-particular.</returns>
    public bool Covers(string resourceType, Interactions needed)
    {
        return needed != Interactions.None
            && (Interactions & needed) == needed
            && (ResourceType == AnyType || string.Equals(ResourceType, resourceType, StringComparison.Ordinal));
    }

    /// <summary>The rule that opens what both open, or null if that is nothing. The filters of both have to hold.</summary>
    public AccessRule? Intersect(AccessRule other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var type = ResourceType == AnyType ? other.ResourceType
            : other.ResourceType == AnyType || other.ResourceType == ResourceType ? ResourceType
            : null;
        var interactions = Interactions & other.Interactions;
        if (Context != other.Context || PatientId != other.PatientId || Reach != other.Reach || type is null || interactions == Interactions.None)
        {
            return null;
        }

        var filter = Filter is null || Filter == other.Filter ? other.Filter
            : other.Filter is null ? Filter
            : $"{Filter}&{other.Filter}";
        return new AccessRule(Context, type, interactions, filter) { PatientId = PatientId, Reach = Reach, Masked = Masked.And(other.Masked) };
    }

    /// <summary>The rule as a SMART 2.x scope: <c>patient/Observation.rs?category=laboratory</c>.</summary>
    public string ToScope()
    {
        var letters = string.Concat(SmartScopes.Letters.Where(l => Interactions.HasFlag(l.Interaction)).Select(l => l.Letter));
        var context = Context switch
        {
            AccessContext.Patient => "patient",
            AccessContext.User => "user",
            _ => "system",
        };
        return $"{context}/{ResourceType}.{letters}{(Filter is null ? "" : "?" + Filter)}";
    }
}
