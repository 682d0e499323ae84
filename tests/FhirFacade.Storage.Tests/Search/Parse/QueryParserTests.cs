using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;
using Xunit;

namespace FhirFacade.Storage.Tests.Search.Parse;

public sealed class QueryParserTests
{
    public static TheoryData<string, string, string> Malformed => new()
    {
        { "Patient", "birthdate=1990-13", "birthdate" },
        { "Patient", "birthdate=last year", "birthdate" },
        { "Patient", "birthdate=2023-02-29", "birthdate" },
        { "Patient", "birthdate=gt", "birthdate" },
        { "Patient", "gender=male,", "gender" },
        { "Patient", "identifier=|", "identifier" },
        { "Patient", "identifier=a|b|c", "identifier" },
        { "Patient", "name=...", "name" },
        { "Patient", "name:missing=maybe", "name:missing" },
        { "Patient", "organization=not an id", "organization" },
        { "Patient", "organization=Nonsense/1", "organization" },
        { "Patient", "general-practitioner:Organization=Practitioner/1", "general-practitioner:Organization" },
        { "Observation", "value-quantity=many", "value-quantity" },
        { "Observation", "value-quantity=5|mg", "value-quantity" },
        { "Observation", "subject:identifier=urn:x|", "subject:identifier" },
        { "Patient", "_count=-1", "_count" },
        { "Patient", "_count=ten", "_count" },
        { "Observation", "code-value-quantity=a$b", "code-value-quantity" },
        { "Observation", "code-value-quantity=a", "code-value-quantity" },
        { "Observation", "component-code-value-quantity=a$1$2", "component-code-value-quantity" },
        { "Location", "near=1", "near" },
        { "Location", "near=91|2", "near" },
        { "Location", "near=1|2|3|kg", "near" },
        { "Location", "near=1|2|-3|km", "near" },
        { "Patient", "identifier:of-type=a|b", "identifier:of-type" },
        { "Location", "partof:below=Patient/1", "partof:below" },
        { "Location", "partof:below=1", "partof:below" },
        { "Patient", "_text=(a", "_text" },
        { "Patient", "_text=and", "_text" },
        { "Patient", "_filter=x", "_filter" },
        { "Patient", "_filter=gender eq", "_filter" },
        { "Patient", "_filter=colour eq green", "_filter" },
        { "Patient", "_filter=gender co male", "_filter" },
        { "Patient", "_filter=(gender eq male", "_filter" },
        { "Patient", "_filter=gender eq male and", "_filter" },
        { "Patient", "_filter=gender eq male)", "_filter" },
        { "Patient", "_filter=name eq \"x", "_filter" },
        { "Patient", "_filter=birthdate gt yesterday", "_filter" },
        { "Patient", "_filter=name pr maybe", "_filter" },
        { "Patient", "_contained=perhaps", "_contained" },
        { "Patient", "_total=roughly", "_total" },
        { "Patient", "_summary=brief", "_summary" },
        { "Patient", "_elements=", "_elements" },
        { "Patient", "_has:Observation:patient=1", "_has:Observation:patient" },
    };

    public static TheoryData<string, string, string> NotOffered => new()
    {
        { "Patient", "_sort=_score", "_sort" },
        { "Patient", "_query=x", "_query" },
        { "Patient", "_list=$current-problems", "_list" },
        { "Observation", "_sort=code-value-quantity", "_sort" },
        { "Patient", "colour=green", "colour" },
        { "Patient", "Name=x", "Name" },
        { "Patient", "name=", "name" },
        { "Observation", "name=x", "name" },
        { "Observation", "subject.colour=green", "subject.colour" },
        { "Observation", "status.name=x", "status.name" },
        { "Patient", "_sort=colour", "_sort" },
        { "Patient", "_include=Observation:subject", "_include" },
        { "Patient", "_include=Patient:gender", "_include" },
        { "Patient", "_include=Patient:organization:Practitioner", "_include" },
        { "Patient", "_revinclude=Observation:encounter", "_revinclude" },
        { "Patient", "_has:Observation:encounter:code=x", "_has:Observation:encounter:code" },
        { "Patient", "_has:Nonsense:patient:code=x", "_has:Nonsense:patient:code" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_value_that_cannot_be_read_is_refused_strict_or_lenient(string type, string query, string parameter)
    {
        foreach (var lenient in new[] { false, true })
        {
            var result = Parse(type, query, lenient);

            Assert.Null(result.Query);
            Assert.Contains(result.Issues, i => i.IsError && i.Expression == parameter);
        }
    }

    [Theory]
    [MemberData(nameof(NotOffered))]
    public void What_is_not_offered_is_refused_if_strict_and_ignored_with_a_warning_if_lenient(string type, string query, string parameter)
    {
        var strict = Parse(type, query, lenient: false);
        var lenient = Parse(type, query, lenient: true);

        Assert.Null(strict.Query);
        Assert.Contains(strict.Issues, i => i.IsError && i.Expression == parameter);
        Assert.NotNull(lenient.Query);
        Assert.Empty(lenient.Query.Criteria);
        Assert.Empty(lenient.Query.Applied);
        Assert.Contains(lenient.Query.Warnings, i => i.Severity == IssueSeverity.Warning && i.Expression == parameter);
    }

    [Theory]
    [InlineData("Patient", "name:sounds-like=x")]
    [InlineData("Patient", "birthdate:exact=2000")]
    [InlineData("Patient", "_count:not=1")]
    [InlineData("Patient", "gender:in=http://example.org/nowhere")]
    [InlineData("Patient", "gender:below=male")]
    [InlineData("Observation", "code:below=http://loinc.org|718-7")]
    [InlineData("Observation", "subject:Medication=1")]
    [InlineData("Patient", "_include:above=Patient:organization")]
    public void A_modifier_that_is_not_offered_is_refused_even_if_lenient(string type, string query)
    {
        Assert.Null(Parse(type, query, lenient: true).Query);
    }

    [Fact]
    public void An_issue_never_repeats_a_value()
    {
        foreach (var query in new[] { "birthdate=Secretvalue", "identifier=a|b|Secretvalue", "Secret value=1", "name:Secretvalue=1", "_sort=Secretvalue" })
        {
            var issues = Parse("Patient", query, lenient: false).Issues;

            Assert.NotEmpty(issues);
            Assert.DoesNotContain(issues, i => i.Diagnostics.Contains("Secretvalue=", StringComparison.Ordinal) || i.Diagnostics.Contains("Secret value", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Escaped_separators_belong_to_the_value()
    {
        var values = Assert.IsType<Criterion.Matches>(Parse("Patient", @"identifier=a\|b|c\,d,e\\", lenient: false).Query!.Criteria[0]).AnyOf;

        Assert.Equal([new SearchValue.Token(false, "a|b", "c,d"), new SearchValue.Token(true, null, @"e\")], values);
    }

    [Theory]
    [InlineData("2024", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z")]
    [InlineData("2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z")]
    [InlineData("2024-02-29T10:30", "2024-02-29T10:30:00Z", "2024-02-29T10:31:00Z")]
    [InlineData("2024-02-29T10:30:15", "2024-02-29T10:30:15Z", "2024-02-29T10:30:16Z")]
    [InlineData("2024-02-29T10:30:15.25Z", "2024-02-29T10:30:15.25Z", "2024-02-29T10:30:15.26Z")]
    [InlineData("2024-02-29T10:30:15+02:00", "2024-02-29T08:30:15Z", "2024-02-29T08:30:16Z")]
    [InlineData("2024-02-29T10:30:15 02:00", "2024-02-29T08:30:15Z", "2024-02-29T08:30:16Z")]
    [InlineData("2024-02-29T23:30:15-05:30", "2024-03-01T05:00:15Z", "2024-03-01T05:00:16Z")]
    public void A_date_is_as_wide_as_it_is_written(string text, string low, string high)
    {
        var date = Assert.IsType<SearchValue.Date>(Assert.IsType<Criterion.Matches>(Parse("Observation", "date=ge" + text, lenient: false).Query!.Criteria[0]).AnyOf[0]);

        Assert.Equal(Comparator.GreaterOrEqual, date.Comparator);
        Assert.Equal(DateTimeOffset.Parse(low, System.Globalization.CultureInfo.InvariantCulture), date.Low);
        Assert.Equal(DateTimeOffset.Parse(high, System.Globalization.CultureInfo.InvariantCulture), date.High);
    }

    [Theory]
    [InlineData("100", 99.5, 100.5)]
    [InlineData("100.00", 99.995, 100.005)]
    [InlineData("1e2", 50, 150)]
    [InlineData("5.4", 5.35, 5.45)]
    [InlineData("-3", -3.5, -2.5)]
    [InlineData("gt100", 100, 100)]
    public void A_number_is_as_wide_as_it_is_written_unless_it_is_compared_by_order(string text, double low, double high)
    {
        var number = Assert.IsType<SearchValue.Number>(Assert.IsType<Criterion.Matches>(Parse("RiskAssessment", "probability=" + text, lenient: false).Query!.Criteria[0]).AnyOf[0]);

        Assert.Equal((low, high), (number.Low, number.High));
    }

    [Fact]
    public void A_count_of_zero_and_a_summary_of_count_ask_for_the_number_only()
    {
        foreach (var query in new[] { "_count=0", "_summary=count&_count=10" })
        {
            var parsed = Parse("Patient", query, lenient: false).Query!;

            Assert.Equal(0, parsed.Count);
            Assert.Equal(TotalMode.Accurate, parsed.Total);
        }
    }

    [Fact]
    public void A_page_larger_than_the_largest_is_cut_down()
    {
        Assert.Equal(SearchLimits.MaxCount, Parse("Patient", "_count=100000", lenient: false).Query!.Count);
    }

    [Fact]
    public void A_search_cannot_be_made_arbitrarily_costly()
    {
        var deep = "subject:Patient." + string.Concat(Enumerable.Repeat("link:Patient.", 20)) + "name=x";
        var wide = "_id=" + string.Join(',', Enumerable.Range(0, SearchLimits.MaxValues + 1));

        Assert.Contains(Parse("Observation", deep, lenient: true).Issues, i => i is { IsError: true, Code: "too-costly" });
        Assert.Contains(Parse("Observation", wide, lenient: true).Issues, i => i is { IsError: true, Code: "too-costly" });
        Assert.Contains(Parse("Provenance", "target._id=x", lenient: true).Issues, i => i is { IsError: true, Code: "too-costly" });
    }

    [Fact]
    public void A_chain_without_a_type_leads_to_every_type_that_knows_the_parameter()
    {
        var chain = Assert.IsType<Criterion.Chain>(Parse("Observation", "subject.name=x", lenient: false).Query!.Criteria[0]);

        Assert.Contains("Patient", chain.Targets.Select(t => t.Type));
        Assert.Contains("Location", chain.Targets.Select(t => t.Type));
        Assert.DoesNotContain("Group", chain.Targets.Select(t => t.Type));
    }

    [Fact]
    public void An_unknown_type_is_refused()
    {
        Assert.Null(QueryParser.Parse("Nonsense", [], lenient: true).Query);
        Assert.Null(QueryParser.Parse("patient\"; drop table", [], lenient: true).Query);
    }

    internal static QueryParseResult Parse(string type, string query, bool lenient)
    {
        return QueryParser.Parse(type, [.. query.Split('&').Select(pair => pair.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], p[1]))], lenient);
    }
}
