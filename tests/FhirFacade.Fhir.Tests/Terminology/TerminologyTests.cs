using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.Terminology;
using Xunit;

namespace FhirFacade.Fhir.Tests.Terminology;

public sealed class TerminologyTests
{
    private const string ActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    private static readonly TerminologySet Guide = TerminologySet.R4.With(Package(
        """
        {"resourceType":"CodeSystem","url":"http://example.org/tree","content":"complete","concept":[
          {"code":"animal","display":"Animal","property":[{"code":"notSelectable","valueBoolean":true}],"concept":[
            {"code":"dog","display":"Dog","property":[{"code":"legs","valueInteger":4}]},
            {"code":"duck","display":"Duck","property":[{"code":"legs","valueInteger":2},{"code":"parent","valueCode":"swimmer"}]}]},
          {"code":"swimmer","display":"Swimmer"},
          {"code":"loop-a","property":[{"code":"parent","valueCode":"loop-b"}]},{"code":"loop-b","property":[{"code":"parent","valueCode":"loop-a"}]}]}
        """,
        """{"resourceType":"CodeSystem","url":"http://example.org/part","content":"fragment","concept":[{"code":"one"}]}""",
        """{"resourceType":"ValueSet","url":"http://example.org/all","compose":{"include":[{"system":"http://example.org/tree"}]}}""",
        """{"resourceType":"ValueSet","url":"http://example.org/animals","compose":{"include":[{"system":"http://example.org/tree","filter":[{"property":"concept","op":"is-a","value":"animal"}]}]}}""",
        """{"resourceType":"ValueSet","url":"http://example.org/below","compose":{"include":[{"system":"http://example.org/tree","filter":[{"property":"concept","op":"descendent-of","value":"animal"}]}]}}""",
        """{"resourceType":"ValueSet","url":"http://example.org/legs","compose":{"include":[{"system":"http://example.org/tree","filter":[{"property":"legs","op":"=","value":"4"}]}]}}""",
        """{"resourceType":"ValueSet","url":"http://example.org/no-ducks","compose":{"include":[{"valueSet":["http://example.org/animals|1"]}],"exclude":[{"system":"http://example.org/tree","concept":[{"code":"duck"}]}]}}""",
        """{"resourceType":"ValueSet","url":"http://example.org/both","compose":{"include":[{"system":"http://example.org/tree","valueSet":["http://example.org/animals","http://example.org/legs"]}]}}""",
        """{"resourceType":"ValueSet","url":"http://example.org/self","compose":{"include":[{"valueSet":["http://example.org/self"]}]}}""",
        """{"resourceType":"ValueSet","url":"http://example.org/regex","compose":{"include":[{"system":"http://example.org/tree","filter":[{"property":"code","op":"regex","value":"d.*"}]}]}}""",
        """{"resourceType":"ValueSet","url":"http://example.org/fragment","compose":{"include":[{"system":"http://example.org/part"}]}}""",
        """{"resourceType":"ValueSet","url":"http://example.org/snomed","compose":{"include":[{"system":"http://snomed.info/sct","filter":[{"property":"concept","op":"is-a","value":"1"}]},{"system":"http://example.org/tree","concept":[{"code":"dog"}]}]}}""",
        """{"resourceType":"ValueSet","url":"http://example.org/expanded","expansion":{"total":1,"contains":[{"system":"http://example.org/x","code":"y","display":"Y"}]}}""",
        """
        {"resourceType":"ConceptMap","url":"http://example.org/map","group":[{"source":"http://example.org/tree","target":"http://example.org/sounds",
          "element":[{"code":"dog","target":[{"code":"bark","equivalence":"wider"}]}],"unmapped":{"mode":"fixed","code":"silence"}}]}
        """));

    [Theory]
    [InlineData("all", "dog", true)]
    [InlineData("all", "cat", false)]
    [InlineData("animals", "animal", true)]
    [InlineData("animals", "duck", true)]
    [InlineData("animals", "swimmer", false)]
    [InlineData("below", "animal", false)]
    [InlineData("below", "dog", true)]
    [InlineData("below", "loop-a", false)]
    [InlineData("legs", "dog", true)]
    [InlineData("legs", "duck", false)]
    [InlineData("no-ducks", "dog", true)]
    [InlineData("no-ducks", "duck", false)]
    [InlineData("both", "dog", true)]
    [InlineData("both", "duck", false)]
    [InlineData("regex", "duck", true)]
    [InlineData("regex", "animal", false)]
    [InlineData("snomed", "dog", true)]
    public void Membership_follows_the_definition(string set, string code, bool expected)
    {
        Assert.Equal(expected, Guide.Contains("http://example.org/" + set, "http://example.org/tree", code));
        Assert.Equal(expected ? true : set == "snomed" ? null : false, Guide.Contains("http://example.org/" + set, null, code));
    }

    [Fact]
    public void What_is_not_at_hand_cannot_be_decided()
    {
        Assert.Null(Guide.Contains("http://example.org/unknown", "http://example.org/tree", "dog"));
        Assert.Null(Guide.Contains("http://example.org/snomed", "http://snomed.info/sct", "1"));
        Assert.Null(Guide.Contains("http://example.org/self", "http://example.org/tree", "dog"));
        Assert.Null(Guide.Contains("http://example.org/fragment", "http://example.org/part", "two"));
        Assert.True(Guide.Contains("http://example.org/fragment", "http://example.org/part", "one"));
        Assert.False(Guide.Contains("http://example.org/all", "http://example.org/other", "dog"));
        Assert.Null(Guide.Subsumes("http://snomed.info/sct", "1", "2"));
        Assert.Null(Guide.Lookup("http://loinc.org", "718-7"));
    }

    [Fact]
    public void A_system_that_is_kept_elsewhere_answers_when_it_is_plugged_in()
    {
        var plugged = Guide.With(new GrammarCodeSystem("http://snomed.info/sct", code => code == "1"));

        Assert.NotNull(plugged.CodeSystem("http://snomed.info/sct|2024"));
        Assert.False(plugged.Contains("http://example.org/snomed", "http://snomed.info/sct", "2"));
        Assert.Null(Guide.Contains("http://example.org/snomed", "http://snomed.info/sct", "2"));
    }

    [Theory]
    [InlineData("ucum-units", "http://unitsofmeasure.org", "mm[Hg]", true)]
    [InlineData("ucum-units", "http://unitsofmeasure.org", "inches", false)]
    [InlineData("all-time-units", "http://unitsofmeasure.org", "h", true)]
    [InlineData("all-time-units", "http://unitsofmeasure.org", "kg", false)]
    [InlineData("mimetypes", "urn:ietf:bcp:13", "application/fhir+json; charset=utf-8", true)]
    [InlineData("mimetypes", "urn:ietf:bcp:13", "anything", false)]
    [InlineData("all-languages", "urn:ietf:bcp:47", "de-CH", true)]
    [InlineData("all-languages", "urn:ietf:bcp:47", "de_CH", false)]
    public void Systems_that_are_grammars_know_their_codes(string set, string system, string code, bool expected) =>
        Assert.Equal(expected, TerminologySet.R4.Contains("http://hl7.org/fhir/ValueSet/" + set, system, code));

    [Fact]
    public void An_expansion_lists_codes_in_pages()
    {
        Assert.Equal(["animal", "dog", "duck"], Codes(Guide.Expand("http://example.org/animals")));
        Assert.Equal(["dog", "duck"], Codes(Guide.Expand("http://example.org/animals", new ExpansionRequest(ActiveOnly: true))));
        Assert.Equal(["animal", "dog"], Codes(Guide.Expand("http://example.org/no-ducks")));
        Assert.Equal(["dog"], Codes(Guide.Expand("http://example.org/both")));
        Assert.Equal(["y"], Codes(Guide.Expand("http://example.org/expanded")));

        var page = Guide.Expand("http://example.org/animals", new ExpansionRequest(Offset: 1, Count: 1));
        Assert.Equal((3, "Dog"), (page.Total, Assert.Single(page.Contains).Display));
        Assert.Equal("duck", Assert.Single(Guide.Expand("http://example.org/animals", new ExpansionRequest(Text: "UCK")).Contains).Code);
    }

    [Theory]
    [InlineData("unknown", IssueType.NotFound)]
    [InlineData("self", IssueType.TooCostly)]
    [InlineData("snomed", IssueType.NotSupported)]
    [InlineData("fragment", IssueType.NotSupported)]
    public void An_expansion_is_whole_or_refused(string set, string code)
    {
        var result = Guide.Expand("http://example.org/" + set);

        Assert.Empty(result.Contains);
        Assert.Equal(code, Assert.Single(result.Issues).Code);
    }

    [Fact]
    public void Codes_lie_above_and_below_each_other()
    {
        Assert.Equal(Subsumption.Subsumes, Guide.Subsumes("http://example.org/tree", "animal", "duck"));
        Assert.Equal(Subsumption.SubsumedBy, Guide.Subsumes("http://example.org/tree", "duck", "swimmer"));
        Assert.Equal(Subsumption.NotSubsumed, Guide.Subsumes("http://example.org/tree", "dog", "swimmer"));
        Assert.Equal(Subsumption.Equivalent, Guide.Subsumes("http://example.org/tree", "dog", "dog"));
        Assert.Null(Guide.Subsumes("http://example.org/tree", "dog", "cat"));
        Assert.Equal(Subsumption.Subsumes, TerminologySet.R4.Subsumes(ActCode, "_ActEncounterCode", "IMP"));
    }

    [Fact]
    public void A_code_is_looked_up_with_its_name_and_what_is_above_it()
    {
        var duck = Guide.Lookup("http://example.org/tree", "duck")!;
        Assert.Equal("Duck", duck.Concept.Display);
        Assert.Equal(["animal", "swimmer"], duck.Parents.Order(StringComparer.Ordinal));
        Assert.True(Guide.Lookup("http://example.org/tree", "animal")!.Concept.IsAbstract);
        Assert.Equal("inpatient encounter", TerminologySet.R4.Lookup(ActCode, "IMP")!.Concept.Display);
        Assert.Equal("Medical record number", TerminologySet.R4.Lookup("http://terminology.hl7.org/CodeSystem/v2-0203", "MR")!.Concept.Display);
    }

    [Fact]
    public void A_code_is_translated_by_a_map()
    {
        var match = Assert.Single(Guide.Translate("http://example.org/map", "http://example.org/tree", "dog")!.Value);
        Assert.Equal(("http://example.org/sounds", "bark", "wider"), (match.System, match.Code, match.Equivalence));
        Assert.Equal("silence", Assert.Single(Guide.Translate("http://example.org/map", "http://example.org/tree", "duck")!.Value).Code);
        Assert.Null(Guide.Translate("http://example.org/other", null, "dog"));
        Assert.Equal("bark", Assert.Single(Guide.TranslateTo("http://example.org/tree", "dog", "http://example.org/sounds")).Code);
    }

    [Fact]
    public void Every_value_set_of_the_definitions_expands_to_the_same_codes()
    {
        var checkedSets = 0;
        foreach (var line in DefinitionFiles.Lines("value-sets.jsonl"))
        {
            using var document = JsonDocument.Parse(line);
            var url = document.RootElement.GetProperty("url").GetString()!;
            var expansion = TerminologySet.R4.Expand(url, new ExpansionRequest(Count: int.MaxValue));
            Assert.True(expansion.Issues.IsEmpty, url);
            Assert.Equal(
                document.RootElement.GetProperty("systems").EnumerateObject().SelectMany(system => system.Value.EnumerateArray().Select(code => (system.Name, code.GetString()!))).Order(),
                expansion.Contains.Select(concept => (concept.System, concept.Code)).Order());
            checkedSets++;
        }

        Assert.True(checkedSets > 200);
    }

    [Fact]
    public void Everything_that_is_built_in_can_be_read()
    {
        var urls = TerminologySet.R4.Urls.ToList();
        Assert.True(urls.Count > 2300);
        Assert.DoesNotContain(urls, url => TerminologySet.R4.CodeSystem(url) is null && TerminologySet.R4.ValueSet(url) is null && TerminologySet.R4.ConceptMap(url) is null);
    }

    private static IEnumerable<string> Codes(Expansion expansion)
    {
        Assert.Empty(expansion.Issues);
        return expansion.Contains.Select(concept => concept.Code);
    }

    private static Package Package(params string[] resources) =>
        PackageLoader.Load("test", "1", resources.Select(resource => JsonDocument.Parse(resource).RootElement)).Package!;
}
