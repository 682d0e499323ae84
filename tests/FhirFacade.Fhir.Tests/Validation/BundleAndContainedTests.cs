using System.Text.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Validation;
using Xunit;

namespace FhirFacade.Fhir.Tests.Validation;

public sealed class BundleAndContainedTests
{
    private const string Basic = """{"resourceType":"Basic","id":"1","code":{"text":"x"}}""";

    [Theory]
    [InlineData($$"""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://example.org/Basic/1","resource":{{Basic}}},{"fullUrl":"http://example.org/Basic/1","resource":{{Basic}}}]}""", "Bundle", "bdl-7")]
    [InlineData($$"""{"resourceType":"Bundle","type":"collection","total":1,"entry":[{"resource":{{Basic}}}]}""", "Bundle", "bdl-1")]
    [InlineData($$"""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{{Basic}}}]}""", "Bundle", "bdl-3")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","entry":[{"link":[{"relation":"x","url":"http://example.org"}]}]}""", "Bundle.entry[0]", "bdl-5")]
    [InlineData($$"""{"resourceType":"Bundle","type":"document","timestamp":"2024-01-01T10:00:00Z","identifier":{"system":"urn:x","value":"1"},"entry":[{"fullUrl":"http://example.org/Basic/1","resource":{{Basic}}}]}""", "Bundle", "bdl-11")]
    [InlineData($$"""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://example.org/Basic/2","resource":{{Basic}}}]}""", "Bundle.entry[0].fullUrl", null)]
    [InlineData("""{"resourceType":"Basic","code":{"text":"x"},"contained":[{"resourceType":"Organization","id":"o","name":"x"}]}""", "Basic", "dom-3")]
    [InlineData("""{"resourceType":"Basic","code":{"text":"x"},"subject":{"reference":"#o"},"contained":[{"resourceType":"Organization","id":"o","name":"x","meta":{"versionId":"1"}}]}""", "Basic", "dom-4")]
    [InlineData("""{"resourceType":"Basic","code":{"text":"x"},"subject":{"reference":"#o"},"contained":[{"resourceType":"Organization","id":"o"}]}""", "Basic.contained[0]", "org-1")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Organization"}}]}""", "Bundle.entry[0].resource", "org-1")]
    [InlineData("""{"resourceType":"Patient","contact":[{"gender":"male"}]}""", "Patient.contact[0]", "pat-1")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"referenceRange":[{"age":{"low":{"value":1}}}]}""", "Observation.referenceRange[0]", "obs-3")]
    [InlineData("""{"resourceType":"Basic","code":{"text":"x"},"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><b onclick=\"x\">1</b></div>"}}""", "Basic.text.div", "txt-1")]
    public void A_rule_of_the_specification_is_reported_with_place_and_key(string json, string location, string? key)
    {
        using var resource = JsonDocument.Parse(json);
        Assert.Contains(ResourceValidator.R4.Validate(resource.RootElement), issue => issue.IsError && issue.Expression == location && issue.ConstraintKey == key);
    }

    [Theory]
    [InlineData("http://example.org/Patient/p", "http://example.org/Practitioner/d", null)]
    [InlineData("http://example.org/Patient/q", "http://example.org/Practitioner/d", "Bundle.entry[0].resource.subject")]
    [InlineData("http://example.org/Patient/p", "http://example.org/Practitioner/e", "Bundle.entry[0].resource.author[0]")]
    public void What_a_document_is_about_travels_in_it(string patient, string author, string? location)
    {
        using var resource = JsonDocument.Parse($$"""
            {"resourceType":"Bundle","type":"document","timestamp":"2024-01-01T10:00:00Z","identifier":{"system":"urn:x","value":"1"},"entry":[
              {"fullUrl":"http://example.org/Composition/c","resource":{"resourceType":"Composition","id":"c","status":"final","type":{"text":"x"},"date":"2024","title":"x",
                "subject":{"reference":"Patient/p"},"author":[{"reference":"Practitioner/d"}],"section":[{"title":"x","section":[{"title":"y","entry":[{"reference":"Patient/p"}]}]}]} },
              {"fullUrl":"{{patient}}","resource":{"resourceType":"Patient","id":"{{patient[^1]}}"} },
              {"fullUrl":"{{author}}","resource":{"resourceType":"Practitioner","id":"{{author[^1]}}"} }]}
            """);
        var errors = ResourceValidator.R4.Validate(resource.RootElement).Where(issue => issue.IsError).Select(issue => issue.Expression!).ToList();
        Assert.Equal(location is null, errors.Count == 0);
        Assert.True(location is null || errors.Contains(location));
    }

    [Theory]
    [InlineData("searchset", """ "search":{"mode":"match"} """, null)]
    [InlineData("collection", """ "search":{"mode":"match"} """, "bdl-2")]
    [InlineData("collection", """ "request":{"method":"GET","url":"x"} """, "bdl-3")]
    [InlineData("history", """ "request":{"method":"PUT","url":"x"},"response":{"status":"200"} """, null)]
    [InlineData("collection", """ "response":{"status":"200"} """, "bdl-4")]
    [InlineData("message", """ "link":[] """, "bdl-12")]
    public void What_an_entry_has_depends_on_the_type_of_its_Bundle(string type, string part, string? key)
    {
        using var resource = JsonDocument.Parse($$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{"fullUrl":"http://example.org/Basic/1","resource":{{Basic}},{{part}}}]}""");
        var keys = ResourceValidator.R4.Validate(resource.RootElement).Where(issue => issue.IsError && issue.ConstraintKey is not null).Select(issue => issue.ConstraintKey!).ToList();
        Assert.Equal(key is null, keys.Count == 0);
        Assert.True(key is null || keys.Contains(key));
    }

    [Theory]
    [InlineData(""" "meta":{"tag":[{"code":"x"}]} """, null)]
    [InlineData(""" "meta":{"lastUpdated":"2024-01-01T00:00:00Z"} """, "dom-4")]
    [InlineData(""" "meta":{"security":[{"code":"x"}]} """, "dom-5")]
    [InlineData(""" "contained":[{"resourceType":"Basic","id":"b","code":{"text":"x"}}] """, null)]
    public void A_contained_resource_keeps_its_rules(string part, string? key)
    {
        using var resource = JsonDocument.Parse($$"""{"resourceType":"Basic","code":{"text":"x"},"subject":{"reference":"#o"},"contained":[{"resourceType":"Organization","id":"o","name":"x",{{part}}}]}""");
        var errors = ResourceValidator.R4.Validate(resource.RootElement).Where(issue => issue.IsError).ToList();
        Assert.Equal(key is null && !part.Contains("contained", StringComparison.Ordinal), errors.Count == 0);
        Assert.True(key is null || errors.Exists(issue => issue.ConstraintKey == key));
    }

    [Fact]
    public void An_entry_without_a_fullUrl_is_only_advised_against_it()
    {
        using var resource = JsonDocument.Parse($$"""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{{Basic}}}]}""");
        Assert.Contains(ResourceValidator.R4.Validate(resource.RootElement), issue => issue is { Severity: IssueSeverity.Warning, Expression: "Bundle.entry[0]" });
        Assert.DoesNotContain(ResourceValidator.R4.Validate(resource.RootElement), issue => issue.IsError);
    }

    [Fact]
    public void A_bundle_that_keeps_the_rules_has_no_errors()
    {
        using var resource = JsonDocument.Parse($$"""
            {"resourceType":"Bundle","type":"transaction","entry":[
              {"fullUrl":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0","resource":{{Basic}},"request":{"method":"POST","url":"Basic"} },
              {"fullUrl":"http://example.org/Basic/1","resource":{{Basic}},"request":{"method":"PUT","url":"Basic/1"} }]}
            """);
        Assert.DoesNotContain(ResourceValidator.R4.Validate(resource.RootElement), issue => issue.IsError);
    }

    [Fact]
    public void A_missing_narrative_is_only_advice()
    {
        using var resource = JsonDocument.Parse(Basic);
        var issue = Assert.Single(ResourceValidator.R4.Validate(resource.RootElement));
        Assert.Equal(("dom-6", IssueSeverity.Warning), (issue.ConstraintKey, issue.Severity));
    }

    [Fact]
    public void Issues_do_not_repeat_what_the_resource_says()
    {
        using var resource = JsonDocument.Parse("""
            {"resourceType":"Patient","meta":{"profile":["http://example.org/SECRET"]},"extension":[{"url":"http://example.org/SECRET","valueCode":"SECRET"}],"gender":"SECRET",
             "text":{"status":"SECRET","div":"<div>SECRET"},"contact":[{"gender":"SECRET"}],"generalPractitioner":[{"reference":"SECRET/1"}],"contained":[{"resourceType":"SECRET"}]}
            """);
        Assert.All(ResourceValidator.R4.Validate(resource.RootElement), issue => Assert.DoesNotContain("SECRET", issue.Diagnostics + issue.Expression, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("""{"resourceType":"Nothing"}""")]
    [InlineData("""{"resourceType":"Patient","name":"x","contact":{"name":[]},"extension":[1,{"url":1}],"contained":[1],"meta":1,"text":{"div":1}}""")]
    [InlineData("""{"resourceType":"Bundle","entry":[1,{"resource":1},{"resource":{"resourceType":1}},{"fullUrl":1}]}""")]
    [InlineData("""{"resourceType":"Patient","birthDate":{"a":1},"_birthDate":[1],"given":[null],"meta":{"profile":[1,null]}}""")]
    public void Content_of_the_wrong_shape_is_an_issue_and_not_an_exception(string json)
    {
        using var resource = JsonDocument.Parse(json);
        Assert.Contains(ResourceValidator.R4.Validate(resource.RootElement), issue => issue.IsError);
    }
}
