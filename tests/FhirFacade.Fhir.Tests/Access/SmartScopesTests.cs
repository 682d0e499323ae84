using FhirFacade.Fhir.Access;
using Xunit;

namespace FhirFacade.Fhir.Tests.Access;

public sealed class SmartScopesTests
{
    private const Interactions Read = Interactions.Read | Interactions.Search;
    private const Interactions Write = Interactions.Create | Interactions.Update | Interactions.Delete;

    public static TheoryData<string, AccessContext, string, Interactions, string?> Understood => new()
    {
        { "patient/Observation.read", AccessContext.Patient, "Observation", Read, null },
        { "patient/*.write", AccessContext.Patient, "*", Write, null },
        { "user/*.*", AccessContext.User, "*", Interactions.All, null },
        { "system/Patient.rs", AccessContext.System, "Patient", Read, null },
        { "system/*.cruds", AccessContext.System, "*", Interactions.All, null },
        { "system/Patient.d", AccessContext.System, "Patient", Interactions.Delete, null },
        {
            "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory",
            AccessContext.Patient, "Observation", Read, "category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory"
        },
        { "system/Observation.s?category=a&status=final", AccessContext.System, "Observation", Interactions.Search, "category=a&status=final" },
        { "system/Observation.s?subject:Patient.name=x", AccessContext.System, "Observation", Interactions.Search, "subject:Patient.name=x" },
    };

    [Theory]
    [MemberData(nameof(Understood))]
    public void A_resource_scope_becomes_one_rule(string scope, AccessContext context, string type, Interactions interactions, string? filter)
    {
        var (rules, unknown) = SmartScopes.Parse(scope);

        Assert.Equal([new AccessRule(context, type, interactions, filter)], rules);
        Assert.Empty(unknown);
    }

    [Theory]
    [InlineData("patient/Observation.")]
    [InlineData("patient/Observation")]
    [InlineData("patient/Observation.sr")]
    [InlineData("patient/Observation.rr")]
    [InlineData("patient/Observation.reads")]
    [InlineData("patient/Observation.Read")]
    [InlineData("patient/Observation.rs ?category=a")]
    [InlineData("patient/Observation.rs?")]
    [InlineData("patient/Observation.rs?category")]
    [InlineData("patient/Observation.rs?category=")]
    [InlineData("patient/Observation.rs?=a")]
    [InlineData("patient/Observation.rs?category=a&")]
    [InlineData("patient/Observation.rs?category=a&status=")]
    [InlineData("patient/Observation.read?category=a")]
    [InlineData("Patient/Observation.rs")]
    [InlineData("patients/Observation.rs")]
    [InlineData("patient/observation.rs")]
    [InlineData("patient/Obs*.rs")]
    [InlineData("patient/**.rs")]
    [InlineData("xpatient/Observation.rs")]
    [InlineData("patient/Observation.rs\n")]
    [InlineData("patient/Observation.rs\tsystem/*.rs")]
    [InlineData("/Observation.rs")]
    [InlineData("*/*.*")]
    [InlineData("*")]
    public void A_malformed_scope_is_reported_and_opens_nothing(string scope)
    {
        var (rules, unknown) = SmartScopes.Parse(scope);

        Assert.NotEmpty(unknown);
        Assert.DoesNotContain(rules, r => r.Filter is null && scope.Contains('?', StringComparison.Ordinal) && !scope.Contains(' ', StringComparison.Ordinal));
        Assert.All(rules, r => Assert.Contains(r.ToScope(), scope.Split(' ')));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("openid fhirUser launch launch/patient launch/encounter offline_access online_access profile")]
    public void Scopes_that_name_no_resource_are_known_and_open_nothing(string? scope)
    {
        var (rules, unknown) = SmartScopes.Parse(scope);

        Assert.Empty(rules);
        Assert.Empty(unknown);
    }

    [Fact]
    public void Requested_scopes_are_cut_down_to_the_allowed_ones()
    {
        var requested = SmartScopes.Parse("system/*.cruds patient/Observation.rs?status=final").Rules;
        var allowed = SmartScopes.Parse("system/Observation.rs patient/*.r?category=laboratory user/*.*").Rules;

        var cut = SmartScopes.Intersect(requested, allowed).Select(r => r.ToScope());

        Assert.Equal(["system/Observation.rs", "patient/Observation.r?status=final&category=laboratory"], cut);
    }
}
