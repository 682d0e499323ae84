using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Index;
using Xunit;

namespace FhirFacade.Storage.Tests.Search.Index;

public sealed class TermsTests
{
    private static readonly long[] GoldenTerms =
    [
        7196331982700190237,
        -7964793029158623896,
        4340769560539008487,
        4557164674858673197,
        7802340900166791526,
        8708023488099948166,
        -3836835718157855673,
        -7412796470530422202,
        3050385690931284573,
        -3115144294878614362,
        -4017575573644359133,
        -1927337345,
        -2551872318880570943,
        1360932531295784312,
    ];

    /// <summary>These numbers are in databases. A change here means that every database has to be indexed again.</summary>
    [Fact]
    public void The_terms_of_today_are_the_terms_of_tomorrow()
    {
        long[] terms =
        [
            Terms.Token("code", "http://loinc.org", "718-7"),
            Terms.Token("status", null, "final"),
            Terms.TokenCode("code", "718-7"),
            Terms.TokenSystem("code", "http://loinc.org"),
            Terms.Prefix("name", "mul"),
            Terms.Exact("name", "Müller"),
            Terms.Uri("_profile", "http://example.org/p"),
            Terms.Identifier("subject", "urn:mrn", "1"),
            Terms.IdentifierValue("subject", "1"),
            Terms.Resource("Patient", "p1"),
            Terms.Reference("subject", "Patient", "p1"),
            Terms.Parameter("birthdate"),
            Terms.Unit("http://unitsofmeasure.org", "mg"),
            Terms.UnitCode("mg"),
        ];

        Assert.Equal(GoldenTerms, terms);
    }

    [Fact]
    public void A_reference_can_be_made_from_the_hash_of_its_target()
    {
        Assert.Equal(Terms.Reference("subject", "Patient", "p1"), Terms.Resource("Patient", "p1") ^ Terms.ReferenceConstant("subject"));
    }

    [Fact]
    public void Parts_cannot_be_shifted_from_one_to_the_next()
    {
        Assert.NotEqual(Terms.Token("code", "ab", "c"), Terms.Token("code", "a", "bc"));
        Assert.NotEqual(Terms.Token("code", "", "c"), Terms.Token("code", null, "c"));
        Assert.NotEqual(Terms.Resource("a", "bc"), Terms.Resource("ab", "c"));
    }

    [Fact]
    public void Codes_are_compared_without_regard_to_case_and_systems_with()
    {
        Assert.Equal(Terms.Token("code", "s", "ABC"), Terms.Token("code", "s", "abc"));
        Assert.NotEqual(Terms.Token("code", "S", "abc"), Terms.Token("code", "s", "abc"));
    }

    [Fact]
    public void No_two_parameters_of_a_type_share_a_number()
    {
        Assert.All(ResourceTables.Types, type =>
        {
            var codes = SearchParameterSet.R4.For(type).Select(p => p.Code).ToList();
            Assert.NotEmpty(codes);
            Assert.Equal(codes.Count, codes.Select(Terms.Parameter).Distinct().Count());
        });
    }
}
