using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Index;
using Xunit;

namespace FhirFacade.Storage.Tests.Search.Index;

public sealed class MainDateTests
{
    [Theory]
    [InlineData("Observation", "date")]
    [InlineData("Patient", "birthdate")]
    [InlineData("Encounter", "date")]
    [InlineData("Condition", "onset-date")]
    [InlineData("Coverage", null)]
    [InlineData("Nonsense", null)]
    public void A_type_has_one_main_date_or_none(string type, string? code)
    {
        Assert.Equal(code, MainDate.Of(type));
    }

    [Fact]
    public void Every_main_date_is_a_date_parameter_of_its_type()
    {
        var dated = ResourceTables.Types.Where(type => MainDate.Of(type) is not null).ToList();

        Assert.True(dated.Count >= 40);
        Assert.All(dated, type => Assert.Equal(SearchParameterType.Date, SearchParameterSet.R4.Find(type, MainDate.Of(type)!)!.Type));
    }
}
