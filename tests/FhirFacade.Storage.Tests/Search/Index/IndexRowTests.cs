using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Index;
using Xunit;

namespace FhirFacade.Storage.Tests.Search.Index;

public sealed class IndexRowTests
{
    private static readonly DateTimeOffset May = new(2024, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_token_is_found_by_code_by_system_and_by_both()
    {
        var row = IndexRow.From("Observation", "o", [new TokenValue("code", "http://loinc.org", "718-7", "Hemoglobin")]);

        Assert.Equal(
            new[] { Terms.TokenCode("code", "718-7"), Terms.Token("code", "http://loinc.org", "718-7"), Terms.TokenSystem("code", "http://loinc.org"), Terms.CodedText("code", "hemoglobin") }.Order(),
            row.Terms);
        Assert.Equal([Terms.Parameter("code")], row.Present);
        Assert.Equal(Terms.Resource("Observation", "o"), row.RefHash);
        Assert.Equal([Terms.TokenCode("code", "718-7")], row.Postings);
        Assert.Equal([new IndexedText(Terms.CodedText("code", "hemoglobin"), Terms.Parameter("code"), "hemoglobin")], row.Coded);
    }

    [Fact]
    public void A_token_without_a_code_is_present_and_found_by_its_text()
    {
        var row = IndexRow.From("Observation", "o", [new TokenValue("code", null, "", "only text")]);

        Assert.Equal([Terms.CodedText("code", "only text")], row.Terms);
        Assert.Equal([Terms.Parameter("code")], row.Present);
        Assert.Empty(row.Postings);
    }

    [Fact]
    public void A_name_is_found_by_the_beginning_of_the_whole_and_of_each_word()
    {
        var row = IndexRow.From("Patient", "p", [new StringValue("family", "van Aken")]);

        Assert.All(["v", "va", "van", "van ", "van a", "van aken", "a", "aken"], text => Assert.Contains(Terms.Prefix("family", text), row.Terms));
        Assert.DoesNotContain(Terms.Prefix("family", "ken"), row.Terms);
        Assert.Contains(Terms.Exact("family", "van Aken"), row.Terms);
        Assert.Equal([new IndexText(Terms.Parameter("family"), "van aken")], row.Texts);
    }

    [Fact]
    public void A_long_text_adds_a_bounded_number_of_terms_and_a_bounded_text()
    {
        var row = IndexRow.From("Observation", "o", [new StringValue("value-string", string.Join(' ', Enumerable.Repeat("abcdefghijklmnopqrstuvwxyz0123456789", 2000)))]);

        Assert.True(row.Terms.Length <= (StringPrefixes.Words * StringPrefixes.Longest) + 1);
        Assert.Equal(StringPrefixes.KeptText, Assert.Single(row.Texts).Value.Length);
    }

    [Fact]
    public void The_main_date_has_columns_and_every_other_date_a_range()
    {
        var row = IndexRow.From("Observation", "o", [new DateValue("date", May, May.AddDays(1)), new DateValue("value-date", May, May.AddMonths(1))]);

        Assert.Equal(May, row.DateLow);
        Assert.Equal(May.AddDays(1), row.DateHigh);
        var range = Assert.Single(row.Ranges);
        Assert.Equal(Terms.Parameter("value-date"), range.Parameter);
        Assert.Equal((May.AddMonths(1) - May).TotalMicroseconds, range.High - range.Low);
    }

    [Theory]
    [InlineData("\"effectiveDateTime\":\"2024-05-01T02:00:00\\u002B02:00\"")]
    [InlineData("\"effectivePeriod\":{\"start\":\"2024-05-01T02:00:00\\u002b02:00\"}")]
    public void An_offset_that_is_escaped_is_an_offset(string date)
    {
        var observation = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>("{\"resourceType\":\"Observation\"," + date + "}");

        Assert.Equal(May, IndexRow.From("Observation", "o", observation).DateLow);
    }

    [Fact]
    public void Without_a_main_date_the_start_sorts_lowest_and_there_is_no_end()
    {
        var row = IndexRow.From("Observation", "o", []);

        Assert.Equal(DateTimeOffset.MinValue, row.DateLow);
        Assert.Null(row.DateHigh);
    }

    [Theory]
    [InlineData("<")]
    [InlineData(">")]
    public void A_quantity_that_is_open_at_one_end_is_indexed(string comparator)
    {
        var observation = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(
            $$"""{"resourceType":"Observation","status":"final","valueQuantity":{"value":0.5,"comparator":"{{comparator}}","code":"mg/L","system":"http://unitsofmeasure.org"} }""");
        var range = Assert.Single(IndexRow.From("Observation", "o", observation).Ranges.Where(r => r.Parameter == Terms.Parameter("value-quantity")));
        Assert.True(range.Low < range.High);
        Assert.InRange(comparator == "<" ? range.High : range.Low, 0.45, 0.55);
    }

    [Theory]
    [InlineData("5.395", "5.405", 5.40, 5.40)]
    [InlineData("99.5", "100.5", 100, 100)]
    [InlineData("50", "150", 100, 100)]
    [InlineData("5", "7", 5, 7)]
    [InlineData("5", "6", 5, 6)]
    [InlineData("7.5", "7.5", 7.5, 7.5)]
    public void A_number_is_kept_as_itself_and_a_range_by_its_ends(string low, string high, double keptLow, double keptHigh)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        var row = IndexRow.From("Observation", "o", [new QuantityValue("value-quantity", decimal.Parse(low, culture), decimal.Parse(high, culture), "http://unitsofmeasure.org", "mm[Hg]", "mmHg")]);

        var range = Assert.Single(row.Ranges, r => r.Parameter == Terms.Parameter("value-quantity"));
        Assert.Equal((keptLow, keptHigh), (range.Low, range.High));
        Assert.Equal(Terms.Unit("http://unitsofmeasure.org", "mm[Hg]"), range.Unit);
        Assert.Equal(Terms.UnitCode("mm[Hg]"), range.UnitCode);
        Assert.Equal(Terms.UnitCode("mmHg"), range.UnitName);
    }
}
