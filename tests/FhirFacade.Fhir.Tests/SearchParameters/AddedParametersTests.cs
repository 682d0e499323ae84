using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.SearchParameters;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Fhir.Tests.SearchParameters;

/// <summary>SearchParameter resources that a site brings.</summary>
public sealed class AddedParametersTests
{
    private const string Ward = """
        {"resourceType":"SearchParameter","url":"http://site/ward","code":"ward","type":"token","base":["Encounter"],
         "expression":"Encounter.extension('http://site/ward').value.ofType(Coding)"}
        """;

    private const string WardAndDate = """
        {"resourceType":"SearchParameter","url":"http://site/ward-date","code":"ward-date","type":"composite","base":["Encounter"],"expression":"Encounter",
         "component":[{"definition":"http://site/ward","expression":"extension('http://site/ward').value.ofType(Coding)"},
                      {"definition":"http://hl7.org/fhir/SearchParameter/clinical-date","expression":"period"}]}
        """;

    [Fact]
    public void A_parameter_that_was_added_is_found_and_the_old_set_stays_as_it_was()
    {
        var added = Add(SearchParameterSet.BuiltIn, Ward);
        Assert.Empty(added.Issues);
        Assert.NotNull(added.Set.Find("Encounter", "ward"));
        Assert.Null(SearchParameterSet.BuiltIn.Find("Encounter", "ward"));

        using var encounter = JsonDocument.Parse("""
            {"resourceType":"Encounter","extension":[{"url":"http://site/ward","valueCoding":{"system":"w","code":"7"}}],"period":{"start":"2024-05-06","end":"2024-05-06"}}
            """);
        Assert.Contains(new TokenValue("ward", "w", "7"), SearchIndexer.Extract("Encounter", encounter.RootElement, added.Set));
        Assert.DoesNotContain("ward", SearchIndexer.Extract("Encounter", encounter.RootElement).Select(value => value.Parameter));

        var both = Add(added.Set, WardAndDate);
        Assert.Empty(both.Issues);
        var composite = Assert.Single(SearchIndexer.Extract("Encounter", encounter.RootElement, both.Set).OfType<CompositeValue>());
        Assert.Equal(new TokenValue("ward", "w", "7"), composite.Parts[0]);
        Assert.IsType<DateValue>(composite.Parts[1]);
    }

    [Fact]
    public void The_same_url_replaces_what_was_added_before()
    {
        var first = Add(SearchParameterSet.BuiltIn, Ward).Set;
        var second = Add(first, Ward.Replace("http://site/ward')", "http://site/unit')", StringComparison.Ordinal));
        Assert.Empty(second.Issues);
        Assert.Contains("unit", second.Set.Find("Encounter", "ward")!.Expression, StringComparison.Ordinal);
        Assert.Equal(first.All.Count(), second.Set.All.Count());
    }

    [Theory]
    [InlineData("resourceType", "\"Patient\"", null, "structure")]
    [InlineData("url", null, "SearchParameter.url", "required")]
    [InlineData("code", null, "SearchParameter.code", "required")]
    [InlineData("code", "\"a:b\"", "SearchParameter.code", "value")]
    [InlineData("code", "\"_secret\"", "SearchParameter.code", "value")]
    [InlineData("code", "\"status\"", "SearchParameter.base[0]", "duplicate")]
    [InlineData("code", "\"_id\"", "SearchParameter.code", "value")]
    [InlineData("type", "\"text\"", "SearchParameter.type", "code-invalid")]
    [InlineData("type", "\"3\"", "SearchParameter.type", "code-invalid")]
    [InlineData("type", "\"date\"", "SearchParameter.type", "value")]
    [InlineData("type", "\"quantity\"", "SearchParameter.type", "value")]
    [InlineData("base", "[]", "SearchParameter.base", "required")]
    [InlineData("base", "[\"Encounter\",\"Visit\"]", "SearchParameter.base[1]", "code-invalid")]
    [InlineData("base", "[\"HumanName\"]", "SearchParameter.base[0]", "code-invalid")]
    [InlineData("base", "[\"Patient\"]", "SearchParameter.expression", "value")]
    [InlineData("target", "[\"Patient\",\"Human\"]", "SearchParameter.target[1]", "code-invalid")]
    [InlineData("expression", null, "SearchParameter.expression", "required")]
    [InlineData("expression", "\"Encounter.where(\"", "SearchParameter.expression", "invalid")]
    [InlineData("expression", "\"Encounter.nothing\"", "SearchParameter.expression", "invalid")]
    [InlineData("expression", "\"Encounter.class.noSuchFunction()\"", "SearchParameter.expression", "invalid")]
    [InlineData("expression", "\"Encounter.period\"", "SearchParameter.type", "value")]
    [InlineData("url", "\"http://hl7.org/fhir/SearchParameter/Encounter-class\"", "SearchParameter.url", "business-rule")]
    public void A_parameter_that_cannot_be_used_is_refused_with_the_place(string element, string? json, string? location, string code)
    {
        var refused = Add(SearchParameterSet.BuiltIn, Changed(Ward, element, json));
        Assert.Same(SearchParameterSet.BuiltIn, refused.Set);
        Assert.Contains(refused.Issues, issue => issue.Expression == location && issue.Code == code && issue.IsError);
    }

    [Theory]
    [InlineData("[]", "SearchParameter.component")]
    [InlineData("""[{"definition":"http://site/none","expression":"class"},{"definition":"http://hl7.org/fhir/SearchParameter/clinical-date","expression":"period"}]""", "SearchParameter.component[0].definition")]
    [InlineData("""[{"definition":"http://site/ward","expression":"class"},{"definition":"http://hl7.org/fhir/SearchParameter/Location-near","expression":"period"}]""", "SearchParameter.component[1].definition")]
    [InlineData("""[{"definition":"http://site/ward","expression":"class"},{"definition":"http://hl7.org/fhir/SearchParameter/clinical-date","expression":"("}]""", "SearchParameter.component[1].expression")]
    public void A_composite_without_what_it_is_made_of_is_refused(string components, string location)
    {
        var refused = Add(Add(SearchParameterSet.BuiltIn, Ward).Set, Changed(WardAndDate, "component", components));
        Assert.Contains(refused.Issues, issue => issue.Expression == location);
    }

    [Fact]
    public void A_package_adds_what_is_new_and_the_rest_is_told()
    {
        var package = new[]
        {
            new SearchParameter("both", SearchParameterType.Composite, ["Encounter"], "Encounter", [], [new("http://p/unit", "class"), new("http://p/unit", "class")], "http://p/both"),
            new SearchParameter("unit", SearchParameterType.Token, ["Encounter"], "Encounter.class", [], [], "http://p/unit"),
            new SearchParameter("status", SearchParameterType.Token, ["Encounter"], "Encounter.nonsense", [], [], "http://p/status"),
            new SearchParameter("broken", SearchParameterType.Token, ["Encounter"], "Encounter.nonsense", [], [], "http://p/broken"),
        };
        var added = SearchParameterSet.BuiltIn.With(package);
        Assert.NotNull(added.Set.Find("Encounter", "both"));
        Assert.NotNull(added.Set.Find("Encounter", "unit"));
        Assert.Null(added.Set.Find("Encounter", "broken"));
        Assert.Same(SearchParameterSet.BuiltIn.Find("Encounter", "status"), added.Set.Find("Encounter", "status"));
        Assert.Contains("http://p/broken", Assert.Single(added.Issues).Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expression_that_is_an_error_for_a_resource_finds_nothing_in_it_and_the_others_go_on()
    {
        var added = Add(SearchParameterSet.BuiltIn, Changed(Ward, "expression", "\"Encounter.identifier.single()\""));
        Assert.Empty(added.Issues);
        using var encounter = JsonDocument.Parse("""{"resourceType":"Encounter","status":"finished","identifier":[{"value":"1"},{"value":"2"}]}""");
        var values = SearchIndexer.Extract("Encounter", encounter.RootElement, added.Set).Select(value => value.Parameter).ToList();
        Assert.DoesNotContain("ward", values);
        Assert.Contains("status", values);
        Assert.Equal(2, values.Count(code => code == "identifier"));
    }

    [Fact]
    public void Whatever_a_resource_holds_it_is_added_or_refused_and_never_breaks_the_set()
    {
        var values = new[]
        {
            "null", "1", "\"\"", "[]", "{}", "[null]", "[1,\"Patient\"]", "[\"Resource\"]", "[\"Patient\",\"Patient\"]", "\"token\"", "\"composite\"", "\"special\"", "\"Patient.name\"", "\"%x\"",
            "\"Patient.name | (\"", "\"Patient\"", "\"Patient.where(\"", "\"Patient.name.repeat($this)\"", "\"" + new string('(', 5000) + "\"", "[{}]", "[{\"definition\":1},{\"expression\":2}]",
            "[{\"definition\":\"http://site/ward\",\"expression\":\"%resource\"},{\"definition\":\"http://hl7.org/fhir/SearchParameter/Resource-id\",\"expression\":\"id\"}]",
        };
        using var patient = JsonDocument.Parse("""{"resourceType":"Patient","id":"1","name":[{"family":"A"}],"active":true}""");
        Prop.ForAll(
            Gen.SubListOf("url", "code", "type", "base", "expression", "target", "component").ToArbitrary(),
            Gen.ArrayOf(Gen.Elements(values), 7).ToArbitrary(),
            (elements, chosen) =>
            {
                var resource = elements.Zip(chosen).Aggregate(Ward, (json, change) => Changed(json, change.First, change.Second));
                var added = Add(SearchParameterSet.BuiltIn, resource);
                Assert.Equal(added.Issues.IsEmpty, !ReferenceEquals(added.Set, SearchParameterSet.BuiltIn));
                Assert.Contains(new TokenValue("_id", null, "1"), SearchIndexer.Extract("Patient", patient.RootElement, added.Set));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(80));
    }

    private static SearchParameterAddition Add(SearchParameterSet set, string json)
    {
        using var document = JsonDocument.Parse(json);
        return set.With(document.RootElement);
    }

    private static string Changed(string resource, string element, string? json)
    {
        var changed = JsonNode.Parse(resource)!.AsObject();
        changed.Remove(element);
        if (json is not null)
        {
            changed[element] = JsonNode.Parse(json);
        }

        return changed.ToJsonString();
    }
}
