using FhirFacade.Fhir.Ucum;
using Xunit;

namespace FhirFacade.Fhir.Tests.Ucum;

public sealed class UcumGrammarTests
{
    [Theory]
    [InlineData("mg/dL", "g.m-3")]
    [InlineData("/min", "s-1")]
    [InlineData("10*3/uL", "m-3")]
    [InlineData("10^-6", "1")]
    [InlineData("10*", "1")]
    [InlineData("{score}", "1")]
    [InlineData("/{tot}", "1")]
    [InlineData("mm[Hg]", "g.m-1.s-2")]
    [InlineData("cm[H2O].s/L", "g.m-4.s-1")]
    [InlineData("mL/min/{1.73_m2}", "m3.s-1")]
    [InlineData("mL/min/1.73.m2", "m5.s-1")]
    [InlineData("m2{body}/s+2", "m2.s-2")]
    [InlineData("umol/(2.h)", "s-1")]
    [InlineData("umol/2.h", "s")]
    [InlineData("dyn.s/(cm5.m2)", "g.m-6.s-1")]
    [InlineData("((m))", "m")]
    [InlineData("m.m-1", "1")]
    [InlineData("1{tbl}", "1")]
    [InlineData("[iU]/mL", "[iU].m-3")]
    [InlineData("m[IU]/L", "[iU].m-3")]
    [InlineData("[m/s2/Hz^(1/2)]", "m2.s-3")]
    [InlineData("%[slope]", "rad")]
    [InlineData("Cel", "K")]
    [InlineData("dB[SPL]", "g.m-1.s-2")]
    public void Units_are_read(string code, string? canonical)
    {
        var result = UcumUnits.Parse(code);
        Assert.Equal(canonical, result.Unit?.CanonicalUnit);
        Assert.Equal(canonical is null, result.Rule is not null);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("iU", 0)]
    [InlineData("molv", 0)]
    [InlineData("[BETH'U]", 0)]
    [InlineData("g/12h", 4)]
    [InlineData("ug(8.h)", 2)]
    [InlineData("mg//dL", 3)]
    [InlineData("mg/", 3)]
    [InlineData(".mg", 0)]
    [InlineData("mg dL", 2)]
    [InlineData("(mg", 3)]
    [InlineData("mg)", 2)]
    [InlineData("()", 1)]
    [InlineData("mg{ab", 5)]
    [InlineData("mg{a b}", 4)]
    [InlineData("mg{a{b}}", 4)]
    [InlineData("{a}mg", 3)]
    [InlineData("[Hg", 0)]
    [InlineData("m-", 2)]
    [InlineData("m12345", 6)]
    [InlineData("k[in_i]", 0)]
    [InlineData("kkg", 0)]
    [InlineData("µg", 0)]
    [InlineData("0", 1)]
    [InlineData("MMOL", 0)]
    [InlineData("10*9999", 7)]
    public void Other_texts_are_refused_with_the_place(string code, int position)
    {
        var result = UcumUnits.Parse(code);
        Assert.Null(result.Unit);
        Assert.NotNull(result.Rule);
        Assert.Equal(position, result.Position);
    }

    [Fact]
    public void Long_powers_and_deep_brackets_end_soon()
    {
        Assert.False(UcumUnits.IsValid(string.Join('.', Enumerable.Repeat("[pi]999", 60))));
        Assert.False(UcumUnits.IsValid(new string('(', 500) + "m"));
        Assert.True(UcumUnits.IsValid(new string('(', 250) + "m" + new string(')', 250)));
        Assert.False(UcumUnits.IsValid(new string('m', 513)));
    }

    [Fact]
    public void A_scale_of_its_own_is_multiplied_by_numbers_only()
    {
        Assert.Null(UcumUnits.Parse("Cel/s").Unit!.CanonicalUnit);
        Assert.Null(UcumUnits.Parse("Cel2").Unit!.CanonicalUnit);
        Assert.False(UcumUnits.TryCanonicalise(1, "W/Cel", out _));
        Assert.True(UcumUnits.TryConvert(100, "10*-1.Cel", "K", out var kelvin));
        Assert.Equal(283.15m, kelvin);
    }
}
