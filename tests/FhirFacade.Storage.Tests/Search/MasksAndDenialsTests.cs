using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Plan;
using Xunit;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>What a grant says beside its openings, as conditions of a query.</summary>
public sealed class MasksAndDenialsTests
{
    private static readonly AccessRule all = new(AccessContext.System, AccessRule.AnyType, Interactions.All);
    private static readonly AccessGrant open = new("s", "c", null, [all]);

    [Theory]
    [InlineData("Patient.telecom.value")]
    [InlineData("Patient.children()")]
    [InlineData("Patient.id.where(Patient.telecom.exists())")]
    [InlineData("Patient.where(active).telecom.value")]
    [InlineData("Patient.identifier.value | Patient.telecom.value")]
    [InlineData("Patient.select(telecom).value")]
    public void A_sites_own_parameter_tells_of_what_its_expression_may_reach(string expression)
    {
        var own = new SearchParameter("own", SearchParameterType.String, ["Patient"], expression, [], [], "http://hospital.example/own");
        Assert.True(MaskedParameters.Tells("Patient", own, ElementMask.Of("Patient.telecom")));
    }

    [Theory]
    [InlineData("Observation", "Observation.contained.telecom.value")]
    [InlineData("Observation", "Observation.contained.ofType(Patient).telecom.value")]
    [InlineData("Observation", "DomainResource.contained.telecom.value")]
    [InlineData("Observation", "Observation.descendants().where($this is ContactPoint).value")]
    [InlineData("Observation", "Observation.repeat(children()).value")]
    [InlineData("Bundle", "Bundle.entry.resource.telecom.value")]
    public void A_sites_own_parameter_of_another_type_tells_of_what_is_contained_there(string type, string expression)
    {
        var own = new SearchParameter("own", SearchParameterType.String, [type], expression, [], [], "http://hospital.example/own");
        Assert.True(MaskedParameters.Tells(type, own, ElementMask.Of("Patient.telecom")));
        Assert.False(MaskedParameters.Tells(type, own, ElementMask.None));
    }

    [Fact]
    public void A_grant_without_them_opens_the_type() => Assert.IsType<Predicate.Always>(GrantPredicate.Of(open, "Observation", Interactions.Search));

    [Theory]
    [InlineData("Observation", null, null)]
    [InlineData("*", null, null)]
    [InlineData("Observation", "p", null)]
    [InlineData("Observation", null, "status=final")]
    public void A_denial_narrows_the_type_to_queries_and_no_other(string type, string? patient, string? filter)
    {
        var grant = open with { Denials = [new AccessDenial(type, Interactions.Search, patient, filter)] };
        var condition = GrantPredicate.Of(grant, "Observation", Interactions.Search);
        Assert.True(patient is null && filter is null ? condition is Predicate.Never : condition is Predicate.Not);
        Assert.IsType<Predicate.Always>(GrantPredicate.Of(grant, "Observation", Interactions.Read));
        Assert.Equal(type == "*", GrantPredicate.Of(grant, "Encounter", Interactions.Search) is Predicate.Never);
    }

    [Theory]
    [InlineData("nothing=known")]
    [InlineData("patient.name=a")]
    [InlineData("")]
    public void A_denial_that_nobody_can_decide_closes_all_that_it_speaks_of(string filter)
    {
        var grant = open with { Denials = [new AccessDenial("Observation", Interactions.Search, null, filter)] };
        Assert.IsType<Predicate.Never>(GrantPredicate.Of(grant, "Observation", Interactions.Search));
    }

    [Theory]
    [InlineData("Patient", Interactions.Read, true)]
    [InlineData("Patient", Interactions.Search, true)]
    [InlineData("Patient", Interactions.Create, true)]
    [InlineData("Patient", Interactions.Update, false)]
    [InlineData("Patient", Interactions.Delete, false)]
    [InlineData("Observation", Interactions.Update, true)]
    public void A_rule_that_masks_elements_does_not_let_what_holds_them_be_replaced(string type, Interactions needed, bool opens) =>
        Assert.Equal(opens, GrantPredicate.Of(open with { Rules = [all with { Masked = ElementMask.Of("Patient.telecom") }] }, type, needed) is Predicate.Always);

    [Theory]
    [InlineData("Patient", "telecom", "Patient.telecom", true)]
    [InlineData("Patient", "phone", "Patient.telecom", true)]
    [InlineData("Patient", "email", "Patient.telecom.value", true)]
    [InlineData("Patient", "family", "Patient.name", true)]
    [InlineData("Patient", "name", "Patient.name.family", true)]
    [InlineData("Patient", "phonetic", "Patient.name.given", true)]
    [InlineData("Patient", "birthdate", "Patient.name", false)]
    [InlineData("Patient", "identifier", "Patient.name", false)]
    [InlineData("Patient", "deceased", "Patient.deceased", true)]
    [InlineData("Patient", "_profile", "Patient.name", false)]
    [InlineData("Patient", "name", "Practitioner.name", false)]
    [InlineData("Observation", "value-quantity", "Observation.value", true)]
    [InlineData("Observation", "code", "Observation.component", false)]
    [InlineData("Observation", "combo-code", "Observation.component", true)]
    [InlineData("Observation", "code-value-quantity", "Observation.value", true)]
    [InlineData("Observation", "code-value-quantity", "Observation.code", true)]
    [InlineData("Observation", "component-code-value-quantity", "Observation.component.value", true)]
    [InlineData("Observation", "code-value-quantity", "Observation.note", false)]
    [InlineData("Observation", "patient", "Observation.subject", true)]
    [InlineData("Condition", "code", "Condition.code", true)]
    [InlineData("Condition", "onset-date", "Condition.onset", true)]
    public void A_search_parameter_tells_of_the_elements_that_its_expression_looks_at(string type, string code, string masked, bool tells) =>
        Assert.Equal(tells, MaskedParameters.Tells(type, SearchParameterSet.R4.Find(type, code)!, ElementMask.Of(masked)));

    [Fact]
    public void A_rule_of_another_patient_than_the_token_s_reaches_that_patient_alone()
    {
        var rule = new AccessRule(AccessContext.Patient, AccessRule.AnyType, Interactions.All) { PatientId = "q" };
        Assert.Equal(new Predicate.OfPatient("q"), GrantPredicate.Of(new AccessGrant("s", "c", "p", [rule]), "Observation", Interactions.Read));
        var (one, other) = (new AccessGrant("s", "c", "p", [rule with { PatientId = null }]), new AccessGrant("s", "c", "p", [rule]));
        Assert.IsType<Predicate.Never>(GrantPredicate.Of(one.Intersect(other), "Observation", Interactions.Read));
    }
}
