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
        """,
        """
        {"resourceType":"ConceptMap","url":"http://example.org/depends","group":[{"source":"http://example.org/tree","target":"http://example.org/noises",
          "element":[{"code":"dog","target":[{"code":"woof","equivalence":"equal","dependsOn":[{"property":"mood","value":"good"}]}]}]}]}
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
        Assert.Equal(["dog", "duck"], Codes(Guide.Expand("http://example.org/animals", new ExpansionRequest { WithoutAbstract = true })));
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
        Assert.Equal(["animal", "swimmer"], duck.Details.Parents.Order(StringComparer.Ordinal));
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
    public void Maps_are_read_in_both_directions_and_only_as_far_as_they_hold()
    {
        var back = Assert.Single(Guide.Translate("http://example.org/map", new TranslationRequest("http://example.org/sounds", "bark") { IsReverse = true })!.Value);
        Assert.Equal(("http://example.org/tree", "dog", "Dog", "narrower"), (back.System, back.Code, back.Display, back.Equivalence));
        Assert.Empty(Guide.Translate(new TranslationRequest("http://example.org/tree", "dog") { TargetSystem = "http://example.org/other" }));
        Assert.Equal("woof", Assert.Single(Guide.Translate("http://example.org/depends", new TranslationRequest("http://example.org/tree", "dog") { Dependencies = [new("mood", null, "good")] })!.Value).Code);
        Assert.Empty(Guide.Translate("http://example.org/depends", "http://example.org/tree", "dog")!.Value);
        Assert.Equal("female", Assert.Single(TerminologySet.R4.Translate("http://hl7.org/fhir/ConceptMap/cm-administrative-gender-v2", new TranslationRequest("http://terminology.hl7.org/CodeSystem/v2-0001", "F") { IsReverse = true })!.Value).Code);
    }

    [Fact]
    public void A_map_that_leads_to_itself_many_times_is_asked_once()
    {
        var groups = string.Join(',', Enumerable.Repeat("""{"source":"http://example.org/tree","unmapped":{"mode":"other-map","url":"http://example.org/circle"}}""", 40));
        var circle = Guide.With(Package($$"""{"resourceType":"ConceptMap","url":"http://example.org/circle","group":[{{groups}}]}"""));
        Assert.Empty(circle.Translate("http://example.org/circle", "http://example.org/tree", "dog")!.Value);
    }

    [Fact]
    public void A_value_set_that_imports_itself_many_times_is_asked_once()
    {
        var imports = string.Join(',', Enumerable.Repeat("""{"valueSet":["http://example.org/many"]}""", 60));
        var many = Guide.With(Package($$"""{"resourceType":"ValueSet","url":"http://example.org/many","compose":{"include":[{{imports}},{"system":"http://example.org/tree","concept":[{"code":"dog"}]}]} }"""));
        Assert.Null(many.Contains("http://example.org/many", "http://example.org/tree", "duck"));
        Assert.True(many.Contains("http://example.org/many", "http://example.org/tree", "dog"));
        Assert.Equal(IssueType.TooCostly, Assert.Single(many.Expand("http://example.org/many").Issues).Code);
    }

    [Fact]
    public void A_hierarchy_as_deep_as_it_is_long_ends_no_thread()
    {
        var concepts = string.Join(',', Enumerable.Range(0, 30_000).Select(number => $$"""{"code":"c{{number}}","property":[{"code":"parent","valueCode":"c{{number + 1}}"}]}"""));
        var deep = TerminologySet.R4.With(Package(
            $$"""{"resourceType":"CodeSystem","url":"http://example.org/deep","content":"complete","concept":[{{concepts}}]}""",
            """{"resourceType":"ValueSet","url":"http://example.org/below","compose":{"include":[{"system":"http://example.org/deep","filter":[{"property":"concept","op":"descendent-of","value":"c29999"}]}]}}"""));
        Assert.Equal(Subsumption.Subsumes, deep.Subsumes("http://example.org/deep", "c29999", "c0"));
        Assert.Equal(29_999, deep.Expand("http://example.org/below").Total);
        Assert.NotEmpty(deep.Expand("http://example.org/below", new ExpansionRequest { IsNested = true }).Contains);
    }

    [Theory]
    [InlineData("legs", "in", "2, 3", new[] { "duck" })]
    [InlineData("legs", "not-in", "2", new[] { "animal", "dog", "swimmer", "loop-a", "loop-b" })]
    [InlineData("legs", "exists", "true", new[] { "dog", "duck" })]
    [InlineData("legs", "exists", "false", new[] { "animal", "swimmer", "loop-a", "loop-b" })]
    [InlineData("concept", "is-not-a", "animal", new[] { "swimmer", "loop-a", "loop-b" })]
    [InlineData("concept", "generalizes", "duck", new[] { "animal", "duck", "swimmer" })]
    [InlineData("concept", "is-a", "loop-a", new[] { "loop-a", "loop-b" })]
    [InlineData("code", "regex", "d[ou].*", new[] { "dog", "duck" })]
    [InlineData("parent", "=", "swimmer", new[] { "duck" })]
    [InlineData("child", "exists", "true", new[] { "animal", "swimmer", "loop-a", "loop-b" })]
    [InlineData("display", "=", "Dog", new[] { "dog" })]
    public void Filters_choose_by_hierarchy_and_properties(string property, string op, string value, string[] expected)
    {
        var filtered = Guide.With(Package($$"""{"resourceType":"ValueSet","url":"http://example.org/f","compose":{"include":[{"system":"http://example.org/tree","filter":[{"property":"{{property}}","op":"{{op}}","value":"{{value}}"}]}]} }"""));
        Assert.Equal(expected, Codes(filtered.Expand("http://example.org/f")));
        Assert.All(expected, code => Assert.True(filtered.Contains("http://example.org/f", "http://example.org/tree", code)));
    }

    [Fact]
    public void A_filter_that_is_not_known_cannot_be_decided()
    {
        var filtered = Guide.With(Package("""{"resourceType":"ValueSet","url":"http://example.org/f","compose":{"include":[{"system":"http://example.org/tree","filter":[{"property":"code","op":"resembles","value":"x"}]}]}}"""));
        Assert.Equal(IssueType.NotSupported, Assert.Single(filtered.Expand("http://example.org/f").Issues).Code);
        Assert.Null(filtered.Contains("http://example.org/f", "http://example.org/tree", "dog"));
    }

    [Fact]
    public void An_expansion_can_be_nested_and_leave_out_what_is_out_of_use()
    {
        var nested = Guide.Expand("http://example.org/animals", new ExpansionRequest { IsNested = true });
        Assert.Equal((3, "animal"), (nested.Total, Assert.Single(nested.Contains).Code));
        Assert.Equal(["dog", "duck"], nested.Contains[0].Contains.Select(concept => concept.Code));
        Assert.Equal("http://example.org/tree", Assert.Single(nested.UsedCodeSystems));

        var old = Guide.With(Package(
            """{"resourceType":"CodeSystem","url":"http://example.org/old","version":"2","content":"complete","concept":[{"code":"a","property":[{"code":"status","valueCode":"retired"}]},{"code":"b"},{"code":"c","property":[{"code":"inactive","valueBoolean":true}]}]}""",
            """{"resourceType":"ValueSet","url":"http://example.org/old-all","compose":{"include":[{"system":"http://example.org/old"}]}}""",
            """{"resourceType":"ValueSet","url":"http://example.org/old-active","compose":{"inactive":false,"include":[{"system":"http://example.org/old"}]}}"""));
        Assert.Equal(["a", "b", "c"], Codes(old.Expand("http://example.org/old-all")));
        Assert.Equal(["b"], Codes(old.Expand("http://example.org/old-all", new ExpansionRequest(ActiveOnly: true))));
        Assert.Equal(["b"], Codes(old.Expand("http://example.org/old-active")));
        Assert.Equal("http://example.org/old|2", Assert.Single(old.Expand("http://example.org/old-all").UsedCodeSystems));
    }

    [Fact]
    public void A_code_is_validated_with_its_name()
    {
        Assert.Equal(new CodeValidation(true, "Dog", true), Guide.ValidateCode("http://example.org/animals", "http://example.org/tree", "dog", "DOG"));
        Assert.Equal(new CodeValidation(true, "Dog", false), Guide.ValidateCode("http://example.org/animals", null, "dog", "Cat"));
        Assert.False(Guide.ValidateCode("http://example.org/animals", "http://example.org/tree", "dog", "Cat").Result);
        Assert.Equal(new CodeValidation(false, null, null), Guide.ValidateCode("http://example.org/animals", "http://example.org/tree", "swimmer"));
        Assert.Null(Guide.ValidateCode("http://example.org/unknown", "http://example.org/tree", "dog").IsMember);
        Assert.True(TerminologySet.R4.ValidateCodeIn("http://terminology.hl7.org/CodeSystem/v2-0203", "MR", "Medical record number").Result);
        Assert.Equal("v2.0203", TerminologySet.R4.Lookup("http://terminology.hl7.org/CodeSystem/v2-0203", "MR")!.SystemName);
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

    private static Package Package(params string[] resources) => Validation.SmallGuide.Of(resources);
}
