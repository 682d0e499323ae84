using System.Globalization;
using FhirFacade.Fhir.Ucum;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Fhir.Tests.Ucum;

public sealed class UcumProperties
{
    private static readonly string[][] Families =
    [
        ["m", "cm", "[in_i]", "[ft_i]", "[mi_us]", "km", "[ly]", "Ao", "um"],
        ["g", "kg", "[lb_av]", "[oz_tr]", "mg", "[gr]", "t"],
        ["Cel", "K", "[degF]", "[degRe]", "mK"],
        ["umol/L", "ueq/dL", "10*3/uL", "mmol/m3", "{cells}/nL"],
        ["mm[Hg]", "kPa", "[psi]", "bar", "cm[H2O]", "atm"],
        ["s", "min", "h", "d", "wk", "mo", "a", "ms"],
        ["[iU]/mL", "m[IU]/L", "k[iU]/dL"],
    ];

    private static readonly Gen<(decimal Value, string From, string To)> Conversions =
        from family in Gen.Elements(Families)
        from source in Gen.Elements(family)
        from target in Gen.Elements(family)
        from digits in Gen.Choose(-1_000_000, 1_000_000)
        from scale in Gen.Choose(0, 5)
        select (new decimal(Math.Abs(digits), 0, 0, digits < 0, (byte)scale), source, target);

    private static readonly Gen<string> Texts =
        from pieces in Gen.Elements("m", "k", "g", "10*", "3", "-2", "/", ".", "(", ")", "{", "}", "a", "[", "]", "[iU]", "Cel", "{x}", " ", "é", "0", "%").ArrayOf()
        select string.Concat(pieces.Take(14));

    [Fact]
    public void There_and_back_again_is_the_same_number() =>
        Prop.ForAll(Conversions.ToArbitrary(), conversion =>
        {
            var (value, from, to) = conversion;
            Assert.True(UcumUnits.TryConvert(value, from, to, out var there));
            Assert.True(UcumUnits.TryConvert(there, to, from, out var back));
            // What goes through a very small number loses the digits that a decimal, of 28 places, does not have.
            var lost = there == 0 ? 1 : Math.Abs(1e-28m / there);
            Assert.InRange(Math.Abs(back - value), 0, Math.Max(1, Math.Abs(value)) * (1e-9m + lost));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_two_quantities_is_that_of_their_canonical_values() =>
        Prop.ForAll(Conversions.ToArbitrary(), Conversions.ToArbitrary(), (left, right) =>
        {
            if (!UcumUnits.TryCompare(left.Value, left.From, right.Value, right.From, out var order))
            {
                Assert.False(UcumUnits.AreComparable(left.From, right.From));
                return;
            }

            Assert.True(UcumUnits.TryCanonicalise(left.Value, left.From, out var first));
            Assert.True(UcumUnits.TryCanonicalise(right.Value, right.From, out var second));
            Assert.Equal(first.Unit, second.Unit);
            Assert.True(first.Value == second.Value || order == first.Value.CompareTo(second.Value));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_canonical_stays_as_it_is() =>
        Prop.ForAll(Conversions.ToArbitrary(), conversion =>
        {
            Assert.True(UcumUnits.TryCanonicalise(conversion.Value, conversion.From, out var canonical));
            Assert.True(UcumUnits.TryCanonicalise(canonical.Value, canonical.Unit, out var again));
            Assert.Equal(canonical, again);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_canonical_value_is_the_value_converted_to_the_canonical_unit() =>
        Prop.ForAll(Conversions.ToArbitrary(), conversion =>
        {
            Assert.True(UcumUnits.TryCanonicalise(conversion.Value, conversion.From, out var canonical));
            Assert.True(UcumUnits.TryConvert(conversion.Value, conversion.From, canonical.Unit, out var converted));
            Assert.Equal(converted.ToString(CultureInfo.InvariantCulture), canonical.Value.ToString(CultureInfo.InvariantCulture));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_text_is_a_unit_or_refused_with_a_place_inside_it() =>
        Prop.ForAll(Texts.ToArbitrary(), text =>
        {
            var result = UcumUnits.Parse(text);
            Assert.True(result.Unit is not null ? result.Rule is null : result.Rule is not null && result.Position >= 0 && result.Position <= text.Length);
            // A valid unit stays valid in brackets and squared away.
            Assert.Equal(result.Unit is not null && text[0] != '/', UcumUnits.IsValid($"({text})"));
        }).QuickCheckThrowOnFailure();
}
