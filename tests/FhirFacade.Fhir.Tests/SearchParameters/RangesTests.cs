using System.Globalization;
using System.Text;
using FhirFacade.Fhir.SearchParameters;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Fhir.Tests.SearchParameters;

public sealed class RangesTests
{
    private static readonly string[] formats =
        ["yyyy", "yyyy-MM", "yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.fK", "yyyy-MM-ddTHH:mm:ss.fffK", "yyyy-MM-ddTHH:mm:ss.fffffffK"];

    private static readonly Gen<DateTimeOffset> moments =
        from seconds in Gen.Choose(0, 2_000_000_000)
        from ticks in Gen.Choose(0, 9_999_999)
        from offset in Gen.Choose(-48, 56)
        select new DateTimeOffset(1950, 1, 1, 0, 0, 0, TimeSpan.FromMinutes(15 * offset)).AddSeconds(seconds).AddTicks(ticks);

    [Fact]
    public void A_date_holds_the_moment_it_was_cut_from_and_a_finer_one_lies_within_a_coarser() =>
        Prop.ForAll(moments.ToArbitrary(), moment =>
        {
            DateRange? coarser = null;
            foreach (var format in formats)
            {
                var hasTime = format.Contains('T', StringComparison.Ordinal);
                var text = moment.ToString(hasTime ? format : format, CultureInfo.InvariantCulture);
                Assert.True(DateRange.TryParse(text, out var range), text);
                Assert.True(range.Low < range.High);
                var instant = hasTime ? moment : new DateTimeOffset(moment.DateTime, TimeSpan.Zero);
                Assert.True(range.Low <= instant && instant < range.High, text);
                if (coarser is { } outer && (hasTime == outer.High - outer.Low < TimeSpan.FromHours(23)))
                {
                    Assert.True(outer.Low <= range.Low && range.High <= outer.High, text);
                }

                coarser = range;
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z")]
    [InlineData("2024-12-31", "2024-12-31T00:00:00Z", "2025-01-01T00:00:00Z")]
    [InlineData("2024-05-06T23:59+02:00", "2024-05-06T21:59:00Z", "2024-05-06T22:00:00Z")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", "2017-01-01T00:00:00Z")]
    public void A_date_means_all_instants_of_its_precision(string text, string low, string high)
    {
        Assert.True(DateRange.TryParse(text, out var range));
        Assert.Equal(DateTimeOffset.Parse(low, CultureInfo.InvariantCulture), range.Low);
        Assert.Equal(DateTimeOffset.Parse(high, CultureInfo.InvariantCulture), range.High);
    }

    [Theory]
    [InlineData("")]
    [InlineData("24")]
    [InlineData("0000")]
    [InlineData("2024-13")]
    [InlineData("2023-02-29")]
    [InlineData("2024-1-1")]
    [InlineData("2024-01-01 10:00")]
    [InlineData("2024-01-01T25:00:00Z")]
    [InlineData("2024-01-01T10:00:00+15:00")]
    [InlineData("2024-01-01T10:00:00.Z")]
    [InlineData("２０２４")]
    [InlineData("today")]
    public void What_is_no_date_has_no_range(string text) => Assert.False(DateRange.TryParse(text, out _));

    [Theory]
    [InlineData("100", 99.5, 100.5)]
    [InlineData("1e2", 50, 150)]
    [InlineData("5.40", 5.395, 5.405)]
    [InlineData("-0.1", -0.15, -0.05)]
    [InlineData("1.50e1", 14.95, 15.05)]
    [InlineData("0", -0.5, 0.5)]
    public void A_number_means_half_a_unit_of_its_last_digit_to_either_side(string text, double low, double high)
    {
        Assert.True(NumberRange.TryParse(Encoding.UTF8.GetBytes(text), out var least, out var greatest));
        Assert.Equal((decimal)low, least);
        Assert.Equal((decimal)high, greatest);
    }

    [Fact]
    public void The_range_of_a_number_is_one_unit_of_its_last_digit_wide() =>
        Prop.ForAll(Gen.Choose(-1_000_000, 1_000_000).SelectMany(n => Gen.Choose(0, 6).Select(scale => (n, scale))).ToArbitrary(), pair =>
        {
            var value = new decimal(Math.Abs(pair.n), 0, 0, pair.n < 0, (byte)pair.scale);
            Assert.True(NumberRange.TryParse(Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture)), out var low, out var high));
            Assert.Equal(new decimal(1, 0, 0, false, (byte)pair.scale), high - low);
            Assert.Equal(value, (low + high) / 2);
        }).QuickCheckThrowOnFailure();
}
