using FhirFacade.Fhir.Access;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>What a grant says about the rows of a type, as the same kind of condition that a search is made of.</summary>
public static class GrantPredicate
{
    /// <summary>
    /// <see cref="Predicate.Never"/> where the grant opens nothing, <see cref="Predicate.Always"/> where it opens the whole type.
    /// A filter that this server cannot decide opens nothing, and one of a denial closes
    /// all that the denial speaks of. Masked elements are not its business: they are taken out of what is read (<see cref="Redaction"/>).
    /// </summary>
    public static Predicate Of(AccessGrant grant, string type, Interactions needed)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return grant.For(type, needed, Enforcement.All) switch
        {
            TypeAccess.Everything => new Predicate.Always(),
            TypeAccess.Restricted restricted => Predicate.AllOf(
            [
                Predicate.AnyOf(restricted.Openings.Select(opening => Of(opening, type))),
                .. restricted.Denials.Select(denial => Predicate.NotOf(DenialPredicate.Of(denial, type))),
            ]),
            _ => new Predicate.Never(),
        };
    }

    private static Predicate Of(Opening opening, string type)
    {
        return Predicate.AllOf([OfPatient(opening.PatientId, type), Matching(opening.Filter, type)]);
    }

    private static Predicate OfPatient(string? patientId, string type) => patientId switch
    {
        null => new Predicate.Always(),
        // A Patient may name other patients (link); it belongs to itself.
        _ when type == "Patient" => new Predicate.IdIs([patientId]),
        _ => new Predicate.OfPatient(patientId),
    };

    private static Predicate Matching(string? filter, string type)
    {
        return filter is null ? new Predicate.Always() : ScopeFilter.Compile(type, filter) ?? new Predicate.Never();
    }
}
