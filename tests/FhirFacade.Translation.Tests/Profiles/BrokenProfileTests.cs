using FhirFacade.Translation.Profiles;

namespace FhirFacade.Translation.Tests.Profiles;

/// <summary>Profiles that are refused, and what stays in force.</summary>
public class BrokenProfileTests
{
    public static TheoryData<string, int, string> Broken => new()
    {
        { "match: {sendingApplication: LAB\n", 2, "no YAML" },
        { "# x\nmatsch: {sendingApplication: LAB}", 2, "'matsch'" },
        { "match:\n  sender: LAB", 2, "'sender'" },
        { "match:\n  message: ORU\n  type: ORU", 3, "twice" },
        { "settings:\n  timeZone: Mars/Olympus", 2, "a time zone" },
        { "settings:\n  lineage: true", 2, "no setting" },
        { "settings:\n  colour: red", 2, "no setting 'colour'" },
        { "extends: nobody", 1, "nobody" },
        { "extends: p", 1, "itself" },
        { "profile: Not A Name", 0, "small letters" },
        { "authorities:\n  GH: not a uri", 2, "absolute URI" },
        { "conceptMaps:\n  - nowhere.csv", 2, "nowhere.csv" },
        { "conceptMaps:\n  - bad.csv", 2, "target_code" },
        { "conceptMaps: [bad.json]", 1, "JSON" },
        { "codes:\n  NoSuch:\n    drop: [A]", 3, "no table NoSuch" },
        { "codes:\n  AdministrativeSex:\n    drop: [QQ]", 3, "no row" },
        { "codes:\n  AdministrativeSex:\n    add: {F: female}", 3, "already" },
        { "segments:\n  PID-Patient:\n    - drop: PID-99", 3, "no row" },
        { "segments:\n  PID-Patient:\n    - add: {field: PID-39, path: tribe, type: StToString}", 3, "no tribe" },
        { "segments:\n  PID-Patient:\n    - add: {field: PID-39, path: name, type: StToString}", 3, "name[]" },
        { "segments:\n  PID-Patient:\n    - add: {field: OBX-3, path: gender, type: StToString}", 3, "OBX-3" },
        { "segments:\n  PID-Patient:\n    - add: {field: PID-39, path: gender, type: Nothing}", 3, "Nothing" },
        { "segments:\n  PID-Patient:\n    - add: {field: PID-39, path: gender, type: StToString, condition: PID-1 glows}", 3, "glows" },
        { "segments:\n  PID-Patient:\n    - add: {field: PID-39, path: gender, type: CweToCode, table: NoSuch}", 3, "NoSuch" },
        { "segments:\n  PID-Patient:\n    - move: PID-3", 3, "'move'" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_profile_is_refused_with_file_line_and_reason_and_the_old_one_stays(string text, int line, string reason)
    {
        (string, string)[] data = [("bad.csv", "system,code,target_system\n99LAB,GLU,LN\n"), ("bad.json", "[]")];
        var before = Folder.Of(("p.yaml", "match: {sendingApplication: LAB}"));
        var set = Folder.Build(before, out var problems, [("p.yaml", text), .. data]);

        var problem = Assert.Single(problems);
        Assert.Contains(problem.File, new[] { "p.yaml", "bad.csv", "bad.json" });
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.True(problem.File != "p.yaml" || problem.Line == line, problem.ToString());
        Assert.Same(before.Find("p"), set.Choose("http", Folder.Result()));
    }

    [Fact]
    public void A_broken_line_of_a_table_is_named_with_its_number()
    {
        Folder.Build(null, out var problems, ("p.csv", "do,in,name,value,field\nmatch,,sendingApplication,LAB,\ndrop,PID-Patient,,,PID-99\n"));

        Assert.Equal(("p.csv", 3), (Assert.Single(problems).File, problems[0].Line));
    }

    [Fact]
    public void A_broken_base_leaves_those_that_extend_it_as_they_were()
    {
        (string, string) child = ("child.yaml", "extends: base\nmatch: {sendingApplication: LAB}");
        var before = Folder.Of(("base.yaml", "settings: {timeZone: Europe/Vienna}"), child);
        var set = Folder.Build(before, out var problems, ("base.yaml", "settings: {timeZone: 1}"), child);

        Assert.Equal("base.yaml", Assert.Single(problems).File);
        Assert.Same(before.Find("child"), set.Find("child"));
    }

    [Fact]
    public void Profiles_that_extend_each_other_are_refused_and_the_others_are_taken()
    {
        var set = Folder.Build(null, out var problems, ("a.yaml", "extends: b"), ("b.yaml", "extends: a"), ("c.yaml", "match: {sendingApplication: LAB}"));

        Assert.NotEmpty(problems);
        Assert.Null(set.Find("a"));
        Assert.Null(set.Find("b"));
        Assert.NotNull(set.Find("c"));
    }

    [Fact]
    public void A_profile_whose_file_is_gone_is_gone()
    {
        var before = Folder.Of(("p.yaml", "match: {sendingApplication: LAB}"));
        var set = Folder.Build(before, out var problems);

        Assert.Empty(problems);
        Assert.Null(set.Find("p"));
    }

    [Fact]
    public void The_version_follows_every_file_that_has_a_part_in_it_and_nothing_else()
    {
        string Version(string parent, string own, string map, string other)
        {
            var set = Folder.Of(("base.yaml", parent), ("p.yaml", "extends: base\nconceptMaps: [m.csv]\n" + own), ("m.csv", map), ("other.yaml", other));
            return set.Find("p")!.Profile.Version;
        }

        const string Map = "system,code,target_system,target_code\nL,A,LN,1-8\n";
        var first = Version("", "", Map, "");
        Assert.Matches("^[0-9a-f]{12}$", first);
        Assert.Equal(first, Version("", "", Map, "# changed"));
        Assert.Equal(4, new[] { first, Version("# x", "", Map, ""), Version("", "# x", Map, ""), Version("", "", Map + "L,B,LN,2-6\n", "") }.Distinct().Count());
    }

    [Fact]
    public void Every_switch_can_be_written()
    {
        Assert.Contains("timeZone", FeedSettings.Names);
        Assert.DoesNotContain("version", FeedSettings.Names);
        Assert.All(FeedSettings.Names, name =>
        {
            Assert.NotEmpty(FeedSettings.Values(name));
            FeedSettings.Set(FeedProfile.Default, name, "no such value", out _);
        });
    }
}
