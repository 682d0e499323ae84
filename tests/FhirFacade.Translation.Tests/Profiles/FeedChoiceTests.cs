using FhirFacade.Translation.Profiles;
using FsCheck;
using FsCheck.Fluent;

namespace FhirFacade.Translation.Tests.Profiles;

/// <summary>Which profile a message gets.</summary>
public class FeedChoiceTests
{
    private static readonly Gen<string> Pattern = Gen.Elements('a', 'b', '*', '?', '*').ListOf().Select(static c => string.Concat(c.Take(6)));
    private static readonly Gen<string> Text = Gen.Elements('a', 'b', 'A').ListOf().Select(static c => string.Concat(c.Take(6)));

    [Theory]
    [InlineData("mllp:2575", "LAB", "GH", "ORU^R01", "lab-results")]
    [InlineData("mllp:2575", "LAB", "GH", "ORU^R40", "lab")]
    [InlineData("mllp:2575", "LABX", "GH", "ORU^R01", "any-lab")]
    [InlineData("mllp:2600", "XRAY", "GH", "ADT^A01", "second-port")]
    [InlineData("mllp:2575", "XRAY", "GH", "ADT^A01", "default")]
    [InlineData("mllp:2575", "lab", "gh", "ORU^R40", "lab")]
    public void The_most_specific_profile_wins(string listener, string application, string facility, string type, string expected)
    {
        var set = Folder.Of(
            ("any-lab.yaml", "match: {sendingApplication: LAB*}"),
            ("lab.yaml", "match: {sendingApplication: LAB}"),
            ("lab-results.yaml", "match: {sendingApplication: LAB, message: ORU^R01}"),
            ("second-port.yaml", "match: {listener: 'mllp:2600'}"));
        var message = Folder.Message($@"MSH|^~\&|{application}|{facility}|FF|GH|20240501120000||{type}|42|P|2.5.1");

        Assert.Equal(expected, set.Choose(listener, message).Profile.Name);
        Assert.Equal(expected, set.Choose(listener, message).Profile.Name);
    }

    [Fact]
    public void A_universal_id_stands_in_for_a_namespace_that_is_not_sent()
    {
        var set = Folder.Of(("lab.yaml", "match: {sendingFacility: 1.2.3}"));

        Assert.Equal("lab", set.Choose("http", Folder.Message(@"MSH|^~\&|LAB|^1.2.3^ISO|FF|GH|20240501||ORU^R01|42|P|2.5.1")).Profile.Name);
        Assert.Equal("default", set.Choose("http", Folder.Message(@"MSH|^~\&|LAB|GH^1.2.3^ISO|FF|GH|20240501||ORU^R01|42|P|2.5.1")).Profile.Name);
    }

    [Fact]
    public void Several_rules_and_several_alternatives_are_all_heard()
    {
        var set = Folder.Of(("labs.yaml", """
            match:
              - {sendingApplication: [LAB1, LAB2], message: [ORU, "ORM^O*"]}
              - {receivingFacility: NORTH}
            """));

        Assert.All(
            new[] { @"LAB1|GH|FF|GH|||ORU^R01", @"LAB2|GH|FF|GH|||ORM^O01", @"X|GH|FF|NORTH|||ADT^A01" },
            rest => Assert.Equal("labs", set.Choose("http", Folder.Message($@"MSH|^~\&|{rest}|1|P|2.5")).Profile.Name));
        Assert.Equal("default", set.Choose("http", Folder.Message(@"MSH|^~\&|LAB1|GH|FF|GH|||ADT^A01|1|P|2.5")).Profile.Name);
    }

    [Fact]
    public void Two_profiles_that_match_equally_well_are_not_both_taken()
    {
        var set = Folder.Build(null, out var problems, ("a.yaml", "match: {sendingApplication: L*B}"), ("b.yaml", "# the other\nmatch: {sendingApplication: LA*}"));

        var problem = Assert.Single(problems);
        Assert.Equal(("b.yaml", 2), (problem.File, problem.Line));
        Assert.Contains("a.yaml:1", problem.Reason, StringComparison.Ordinal);
        Assert.NotNull(set.Find("a"));
        Assert.Null(set.Find("b"));
    }

    [Fact]
    public void A_profile_that_comes_to_tie_gives_way_to_the_one_in_force()
    {
        var before = Folder.Of(("b.yaml", "match: {sendingApplication: LA*}"));
        var set = Folder.Build(before, out var problems, ("a.yaml", "match: {sendingApplication: L*B}"), ("b.yaml", "match: {sendingApplication: LA*}"));

        Assert.Equal("a.yaml", Assert.Single(problems).File);
        Assert.Same(before.Find("b"), set.Find("b"));
        Assert.Null(set.Find("a"));
    }

    [Fact]
    public void Patterns_that_match_one_text_are_known_to_overlap()
    {
        Prop.ForAll(Arb.From(Pattern), Arb.From(Pattern), Arb.From(Text), (a, b, text) =>
        {
            var (first, second) = (new Wildcard(a), new Wildcard(b));
            Assert.Equal(first.Overlaps(second), second.Overlaps(first));
            Assert.True(!first.Matches(text) || !second.Matches(text) || first.Overlaps(second), $"{a} {b} {text}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Fact]
    public void A_pattern_matches_as_the_same_pattern_read_naively()
    {
        Prop.ForAll(Arb.From(Pattern), Arb.From(Text), (pattern, text) =>
            Assert.Equal(pattern.Length == 0 || Naive(pattern.ToUpperInvariant(), text.ToUpperInvariant()), new Wildcard(pattern).Matches(text)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

        static bool Naive(string p, string t) => p.Length == 0 ? t.Length == 0
            : p[0] == '*' ? Enumerable.Range(0, t.Length + 1).Any(n => Naive(p[1..], t[n..]))
            : t.Length > 0 && (p[0] == '?' || p[0] == t[0]) && Naive(p[1..], t[1..]);
    }
}
