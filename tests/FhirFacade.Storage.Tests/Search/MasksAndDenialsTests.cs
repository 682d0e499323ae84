using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Search.Plan;
using Xunit;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>Queries know openings only. What a grant says beside them closes what it speaks of, until queries can enforce it.</summary>
public sealed class MasksAndDenialsTests
{
    private static readonly AccessRule all = new(AccessContext.System, AccessRule.AnyType, Interactions.All);
    private static readonly AccessGrant open = new("s", "c", null, [all]);

    [Fact]
    public void A_grant_without_them_opens_the_type() => Assert.IsType<Predicate.Always>(GrantPredicate.Of(open, "Observation", Interactions.Search));

    [Theory]
    [InlineData("Observation", null, null)]
    [InlineData("*", null, null)]
    [InlineData("Observation", "p", null)]
    [InlineData("Observation", null, "status=final")]
    public void A_denial_closes_the_type_to_queries_and_no_other(string type, string? patient, string? filter)
    {
        var grant = open with { Denials = [new AccessDenial(type, Interactions.Search, patient, filter)] };
        Assert.IsType<Predicate.Never>(GrantPredicate.Of(grant, "Observation", Interactions.Search));
        Assert.IsType<Predicate.Always>(GrantPredicate.Of(grant, "Observation", Interactions.Read));
        Assert.Equal(type == "*", GrantPredicate.Of(grant, "Encounter", Interactions.Search) is Predicate.Never);
    }

    [Fact]
    public void A_rule_that_masks_elements_opens_nothing_to_queries() =>
        Assert.IsType<Predicate.Never>(GrantPredicate.Of(open with { Rules = [all with { Masked = ElementMask.Of("Patient.telecom") }] }, "Patient", Interactions.Read));

    [Fact]
    public void A_rule_of_another_patient_than_the_token_s_reaches_that_patient_alone()
    {
        var rule = new AccessRule(AccessContext.Patient, AccessRule.AnyType, Interactions.All) { PatientId = "q" };
        Assert.Equal(new Predicate.OfPatient("q"), GrantPredicate.Of(new AccessGrant("s", "c", "p", [rule]), "Observation", Interactions.Read));
        var (one, other) = (new AccessGrant("s", "c", "p", [rule with { PatientId = null }]), new AccessGrant("s", "c", "p", [rule]));
        Assert.IsType<Predicate.Never>(GrantPredicate.Of(one.Intersect(other), "Observation", Interactions.Read));
    }
}
