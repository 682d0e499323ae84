using System.Text.Json;
using FhirFacade.Fhir.SearchParameters;
using Xunit;

namespace FhirFacade.Fhir.Tests.SearchParameters;

/// <summary>A search for a quantity looks at the bounds of sampled data.</summary>
public sealed class SampledDataTests
{
    [Theory]
    [InlineData("""{"origin":{"value":10,"unit":"mV"},"period":1,"dimensions":1,"data":"1 5 3"}""", "11 .. 15 mV")]
    [InlineData("""{"origin":{"value":10},"factor":2,"period":1,"dimensions":1,"data":"-1 E 0.5"}""", "8 .. 11.0 ")]
    [InlineData("""{"origin":{"value":0},"lowerLimit":-3,"upperLimit":7,"period":1,"dimensions":1,"data":"1 L 2"}""", "-3 .. 2 ")]
    [InlineData("""{"origin":{"value":0},"lowerLimit":-3,"upperLimit":7,"period":1,"dimensions":1,"data":"U"}""", "7 .. 7 ")]
    [InlineData("""{"origin":{"value":0},"lowerLimit":-3,"upperLimit":7,"period":1,"dimensions":1}""", "-3 .. 7 ")]
    [InlineData("""{"origin":{"value":0},"period":1,"dimensions":1,"data":"E E"}""", "")]
    [InlineData("""{"origin":{"value":0},"period":1,"dimensions":1,"data":"none at all"}""", "")]
    [InlineData("""{"origin":{"value":9e27},"factor":9e27,"period":1,"dimensions":1,"data":"9e27"}""", "")]
    [InlineData("""{"period":1,"dimensions":1,"data":"1 2"}""", "")]
    public void The_bounds_are_those_of_the_values(string sampled, string bounds)
    {
        var resource = JsonElement.Parse($$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueSampledData":{{sampled}}}""");
        var found = SearchIndexer.Extract("Observation", "value-quantity", resource).OfType<QuantityValue>();

        Assert.Equal(bounds, string.Join("; ", found.Select(q => FormattableString.Invariant($"{q.Low} .. {q.High} {q.Unit}"))));
    }
}
