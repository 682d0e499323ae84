using System.Globalization;
using FhirFacade.Fhir.Ucum;
using Xunit;

namespace FhirFacade.Fhir.Tests.Ucum;

public sealed class UcumConversionTests
{
    [Theory]
    [InlineData("1", "[in_i]", "cm", "2.54")]
    [InlineData("1", "[lb_av]", "kg", "0.45359237")]
    [InlineData("120", "mm[Hg]", "kPa", "15.99864")]
    [InlineData("37", "Cel", "[degF]", "98.6")]
    [InlineData("98.6", "[degF]", "Cel", "37")]
    [InlineData("0", "K", "Cel", "-273.15")]
    [InlineData("80", "[degRe]", "Cel", "100")]
    [InlineData("37000", "mCel", "K", "310.15")]
    [InlineData("5.5", "mmol/L", "umol/mL", "5.5")]
    [InlineData("1", "d", "h", "24")]
    [InlineData("1", "a", "d", "365.25")]
    [InlineData("180", "deg", "[pi].rad", "1")]
    [InlineData("7", "[pH]", "mol/L", "0.0000001")]
    [InlineData("0.0000001", "mol/L", "[pH]", "7")]
    [InlineData("20", "dB[V]", "V", "10")]
    [InlineData("10", "V", "dB[V]", "20")]
    [InlineData("3", "bit_s", "1", "8")]
    [InlineData("1024", "1", "bit_s", "10")]
    [InlineData("100", "%[slope]", "deg", "45")]
    [InlineData("45", "deg", "[p'diop]", "100")]
    [InlineData("2", "[m/s2/Hz^(1/2)]", "m2/s4/Hz", "4")]
    [InlineData("9", "m2/s4/Hz", "[m/s2/Hz^(1/2)]", "3")]
    [InlineData("3", "[hp'_C]", "1", "0.000001")]
    [InlineData("1", "Np", "1", "2.71828182845905")]
    [InlineData("1", "kat", "U", "60000000")]
    [InlineData("1", "mol", "1", "602213670000000000000000")]
    [InlineData("2", "KiBy", "bit", "16384")]
    [InlineData("1", "[mi_i]", "m", "1609.344")]
    [InlineData("1", "m", "[ft_i]", "3.280839895013123359580052493")]
    [InlineData("100", "1/min", "/h", "6000")]
    [InlineData("2", "[IU]/L", "m[iU]/mL", "2")]
    public void Numbers_are_converted(string value, string from, string to, string expected)
    {
        Assert.True(UcumUnits.TryConvert(Number(value), from, to, out var result));
        Assert.Equal(expected, result.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("kg", "m")]
    [InlineData("[iU]", "1")]
    [InlineData("[iU]", "[arb'U]")]
    [InlineData("Cel", "m")]
    [InlineData("kg", "stone")]
    [InlineData("Cel/h", "K/h")]
    public void What_measures_something_else_is_not_converted(string from, string to)
    {
        Assert.False(UcumUnits.AreComparable(from, to));
        Assert.False(UcumUnits.TryConvert(1, from, to, out _));
        Assert.False(UcumUnits.TryCompare(1, from, 1, to, out _));
    }

    [Theory]
    [InlineData("5", "mg", "0.005", "g")]
    [InlineData("5.40", "mmol/L", "3251953818000000000000000", "m-3")]
    [InlineData("25", "[degF]", "269.2611111111111111111111111", "K")]
    [InlineData("6.3", "%", "0.063", "1")]
    [InlineData("0", "kg", "0", "g")]
    [InlineData("-1.50", "mm[Hg]", "-199983", "g.m-1.s-2")]
    public void Quantities_have_a_canonical_form(string value, string code, string expected, string unit)
    {
        Assert.True(UcumUnits.TryCanonicalise(Number(value), code, out var quantity));
        Assert.Equal((expected, unit), (quantity.Value.ToString(CultureInfo.InvariantCulture), quantity.Unit));
    }

    [Fact]
    public void What_has_no_place_in_a_decimal_has_no_canonical_form_but_is_compared()
    {
        Assert.False(UcumUnits.TryCanonicalise(1000, "mol/L", out _));
        Assert.False(UcumUnits.TryCanonicalise(1, "yg3", out _));
        Assert.True(UcumUnits.TryCompare(1, "kmol/L", 1000, "mol/L", out var order));
        Assert.Equal(0, order);
        Assert.True(UcumUnits.TryCompare(1, "yg3", 1.1m, "yg3", out order));
        Assert.Equal(-1, order);
        Assert.False(UcumUnits.TryConvert(-1, "mol/L", "[pH]", out _));
    }

    [Fact]
    public void Comparison_is_exact_where_decimals_would_round()
    {
        Assert.True(UcumUnits.TryCompare(1, "[ft_i]/3", 0.1016m, "m", out var order));
        Assert.Equal(0, order);
        Assert.True(UcumUnits.TryCompare(1, "[ft_i]/3", 0.1016000000000000000000000001m, "m", out order));
        Assert.Equal(-1, order);
    }

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
