using System.Globalization;
using FhirFacade.Fhir.SearchParameters;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Fhir.Tests.SearchParameters;

public sealed class CanonicalRangeTests
{
    private const string Ucum = "http://unitsofmeasure.org";

    [Theory]
    [InlineData("4.95", "5.05", "mg", "0.00495", "0.00505", "g")]
    [InlineData("4950", "5050", "ug", "0.00495", "0.00505", "g")]
    [InlineData("119.5", "120.5", "mm[Hg]", "15931979", "16065301", "g.m-1.s-2")]
    [InlineData("36.95", "37.05", "Cel", "310.1", "310.2", "K")]
    [InlineData("6.5", "7.5", "%", "0.065", "0.075", "1")]
    [InlineData("0.5", "1.5", "{score}", "0.5", "1.5", "1")]
    [InlineData("1", "2", "[iU]", "1", "2", "[iU]")]
    [InlineData("23", "25", "h", "82800", "90000", "s")]
    public void Values_are_reckoned_in_base_units(string low, string high, string code, string canonicalLow, string canonicalHigh, string unit) =>
        Assert.Equal(new CanonicalRange(Number(canonicalLow), Number(canonicalHigh), unit), CanonicalRange.Of(Number(low), Number(high), Ucum, code));

    [Theory]
    [InlineData(null, "mg")]
    [InlineData("http://snomed.info/sct", "258684004")]
    [InlineData(Ucum, null)]
    [InlineData(Ucum, "")]
    [InlineData(Ucum, "tablespoonful")]
    public void A_unit_that_UCUM_does_not_have_has_no_base_units(string? system, string? code) => Assert.Null(CanonicalRange.Of(1, 2, system, code));

    [Fact]
    public void Money_stays_in_its_currency() =>
        Assert.Equal(new CanonicalRange(47.5m, 48.5m, "EUR"), new QuantityValue("totalgross", 47.5m, 48.5m, "urn:iso:std:iso:4217", "EUR", null).Canonical);

    [Fact]
    public void Open_ends_stay_open_and_change_sides_where_the_scale_runs_the_other_way()
    {
        Assert.Equal(new CanonicalRange(decimal.MinValue, 0.002m, "g"), CanonicalRange.Of(decimal.MinValue, 2, Ucum, "mg"));
        Assert.Equal(new CanonicalRange(0.002m, decimal.MaxValue, "g"), CanonicalRange.Of(2, decimal.MaxValue, Ucum, "mg"));
        var acid = CanonicalRange.Of(decimal.MinValue, 7, Ucum, "[pH]");
        Assert.Equal(decimal.MaxValue, acid?.High);
        Assert.NotEqual(decimal.MinValue, acid?.Low);
    }

    [Fact]
    public void A_range_stays_in_order_whatever_the_unit() => Prop.ForAll(
        Gen.Elements("mg", "kg", "mmol/L", "Cel", "[degF]", "[pH]", "B", "/min", "10*3/uL", "mm[Hg]", "%", "a", "[in_i]", "1").ToArbitrary(),
        Gen.Choose(-100_000, 100_000).ToArbitrary(),
        Gen.Choose(0, 1000).ToArbitrary(),
        (code, value, width) => CanonicalRange.Of(value / 100m, (value + width) / 100m, Ucum, code) is not { } range || range.Low <= range.High).QuickCheckThrowOnFailure();

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
