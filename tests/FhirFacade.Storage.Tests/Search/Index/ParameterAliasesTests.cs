using System.Text.Json;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Index;
using Xunit;

namespace FhirFacade.Storage.Tests.Search.Index;

public sealed class ParameterAliasesTests
{
    private const string Observation = """
        {"resourceType":"Observation","id":"bp","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},
         "valueCodeableConcept":{"coding":[{"system":"urn:r","code":"HIGH"}]},"dataAbsentReason":{"coding":[{"code":"error"}]},
         "component":[
           {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":120,"code":"mm[Hg]","system":"http://unitsofmeasure.org"}},
           {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueCodeableConcept":{"coding":[{"code":"LOW"}]}},
           {"code":{"text":"third"},"dataAbsentReason":{"coding":[{"code":"unknown"}]}}]}
        """;

    [Theory]
    [InlineData("combo-code")]
    [InlineData("combo-value-concept")]
    [InlineData("combo-value-quantity")]
    [InlineData("combo-data-absent-reason")]
    public void A_combined_parameter_has_the_values_of_its_parts_and_no_terms_of_its_own(string code)
    {
        using var document = JsonDocument.Parse(Observation);
        var values = SearchIndexer.Extract("Observation", document.RootElement);
        var combined = values.Where(v => v.Parameter == code).ToHashSet();
        var parts = ParameterAliases.Of("Observation", code).SelectMany(part => values.Where(v => v.Parameter == part)).Select(v => v with { Parameter = code });
        var row = IndexRow.From("Observation", "bp", document.RootElement);

        Assert.NotEmpty(combined);
        Assert.Equal(combined, parts.ToHashSet());
        Assert.Contains(Terms.Parameter(code), row.Present);
        Assert.DoesNotContain(row.Ranges, r => r.Parameter == Terms.Parameter(code));
        Assert.DoesNotContain(combined.OfType<TokenValue>(), t => row.Terms.Contains(Terms.TokenCode(code, t.Code)));
    }
}
