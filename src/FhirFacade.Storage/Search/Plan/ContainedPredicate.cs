using System.Collections.Immutable;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>What conditions on the resources of a type mean for resources of that type which are contained in others.</summary>
internal static class ContainedPredicate
{
    /// <summary>
    /// Of a criterion. What is contained has no time of its own, and nothing but its container refers to it; its id is the one within the container.
    /// </summary>
    public static Predicate OfCriterion(Predicate predicate) => predicate switch
    {
        Predicate.All all => Predicate.AllOf(all.Parts.Select(OfCriterion)),
        Predicate.Any any => Predicate.AnyOf(any.Parts.Select(OfCriterion)),
        Predicate.Not not => Predicate.NotOf(OfCriterion(not.Inner)),
        Predicate.LastUpdated or Predicate.ReferredToBy or Predicate.Content => new Predicate.Never(),
        Predicate.HasTerm term => new Predicate.HasTerm(term.Terms),
        _ => predicate,
    };

    /// <summary>
    /// Of what a grant asks of the contained type: whose it is, is what its container is. What cannot be asked of a contained resource closes it, in an opening and in a
    /// denial.
    /// </summary>
    /// <param name="predicate">From <see cref="GrantPredicate"/>.</param>
    /// <param name="type">The type of what is contained.</param>
    /// <param name="container">The type of the container.</param>
    public static Predicate OfGrant(Predicate predicate, string type, string container) => OfGrant(predicate, type, container, denied: false);

    private static Predicate OfGrant(Predicate predicate, string type, string container, bool denied) => predicate switch
    {
        Predicate.Always or Predicate.Never => predicate,
        Predicate.All all => Predicate.AllOf(all.Parts.Select(part => OfGrant(part, type, container, denied))),
        Predicate.Any any => Predicate.AnyOf(any.Parts.Select(part => OfGrant(part, type, container, denied))),
        Predicate.Not not => Predicate.NotOf(OfGrant(not.Inner, type, container, !denied)),
        Predicate.OfPatient patient => OfPatients([patient.PatientId], container, denied),
        // What is contained has no identity; of a Patient the id says whose it is.
        Predicate.IdIs ids when type == "Patient" => OfPatients(ids.Ids, container, denied),
        Predicate.Consented when !denied => predicate,
        Predicate.InReach reach => new Predicate.OfContainer(reach),
        Predicate.HasTerm term => new Predicate.HasTerm(term.Terms),
        Predicate.HasTextTerm or Predicate.Present or Predicate.MainDate or Predicate.InRange or Predicate.InTuple or Predicate.TextHas or Predicate.Near => predicate,
        _ => denied ? new Predicate.Always() : new Predicate.Never(),
    };

    // In a denial in doubt more: also where the container names the patient beside others.
    private static Predicate OfPatients(ImmutableArray<string> patients, string container, bool denied) => Predicate.AnyOf(patients.Select(Predicate (patient) =>
        new Predicate.OfContainer(denied ? DenialPredicate.OfPatient(patient, container) : container == "Patient" ? new Predicate.IdIs([patient]) : new Predicate.OfPatient(patient))));
}
