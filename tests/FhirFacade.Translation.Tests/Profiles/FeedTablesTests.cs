using System.Text;
using FhirFacade.Translation.Profiles;

namespace FhirFacade.Translation.Tests.Profiles;

/// <summary>What a profile can change, seen in the resources.</summary>
public class FeedTablesTests
{
    private const string Sugar = "OBX|1|NM|GLU^Sugar^99LAB||5.4|mmol/L^^UCUM|||||F";

    private const string Yaml = """
        profile: lab
        match: {sendingApplication: LAB}
        settings: {timeZone: Europe/Vienna, defaultAuthority: GH}
        authorities: {GH: "http://gh.example/mrn"}
        codeSystems: {99LAB: "http://gh.example/codes"}
        conceptMaps: [local.csv]
        codes:
          AdministrativeSex:
            replace: {X: {code: other, display: Other}}
            add: {W: female}
            drop: [A]
        segments:
          PID-Patient:
            - drop: PID-23
            - replace: {field: PID-16}
              with: {table: null-flavour}
            - add: {field: PID-39, path: "extension(http://gh.example/tribe).valueString", type: CweToString}
        """;

    private const string Csv = """
        do,in,name,value,field,path,type,table,from,code,display
        profile,,,lab,,,,,,,
        match,,sendingApplication,LAB,,,,,,,
        set,,timeZone,Europe/Vienna,,,,,,,
        set,,defaultAuthority,GH,,,,,,,
        authority,,GH,http://gh.example/mrn,,,,,,,
        codeSystem,,99LAB,http://gh.example/codes,,,,,,,
        conceptMap,,,local.csv,,,,,,,
        replace,AdministrativeSex,,,,,,,X,other,Other
        add,AdministrativeSex,,,,,,,W,female,
        drop,AdministrativeSex,,,,,,,A,,
        drop,PID-Patient,,,PID-23,,,,,,
        replace,PID-Patient,,,PID-16,,,YesNoIndicator,,,
        add,PID-Patient,,,PID-39,extension(http://gh.example/tribe).valueString,CweToString,,,,
        """;

    private static readonly (string, string) Local = ("local.csv", "system,code,target_system,target_code,target_display\n99LAB,GLU,LN,14749-6,Glucose\n99LAB,GLU,SCT,434912009,Sugar\n");

    [Theory]
    [InlineData("lab.yaml")]
    [InlineData("lab.csv")]
    public void A_profile_says_the_same_in_yaml_and_in_csv(string name)
    {
        var set = Folder.Of((name, name.EndsWith("csv", StringComparison.Ordinal) ? Csv : Yaml.Replace("null-flavour", "YesNoIndicator", StringComparison.Ordinal)), Local);
        var result = set.Translate(Folder.Message(
            @"MSH|^~\&|LAB|GH|FF|GH|202405011200||ORU^R01|42|P|2.5.1",
            "PID|1||4711||Miller^Ann|||W||||||||M|||||||Linz||||||||||||||||Mohawk",
            "OBR|1|P1|F1|GLU^Sugar^99LAB|||202405011130",
            Sugar));

        var patient = result.Only("Patient");
        Assert.Equal("http://gh.example/mrn", (string?)patient["identifier"]![0]!["system"]);
        Assert.Equal("female", (string?)patient["gender"]);
        Assert.Contains(patient["extension"]!.AsArray(), e => (string?)e!["url"] == "http://gh.example/tribe" && (string?)e["valueString"] == "Mohawk");
        Assert.DoesNotContain("Linz", patient.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("PID-23", result.Unmapped);
        Assert.DoesNotContain("PID-39", result.Unmapped);
        Assert.Equal("M", (string?)patient["maritalStatus"]!["coding"]![0]!["code"]);
        Assert.Null(patient["maritalStatus"]!["coding"]![0]!["display"]);

        var observation = result.Only("Observation");
        Assert.Equal(
            ["http://loinc.org|14749-6", "http://snomed.info/sct|434912009", "http://gh.example/codes|GLU"],
            observation["code"]!["coding"]!.AsArray().Select(c => $"{c!["system"]}|{c["code"]}"));
        Assert.Equal("2024-05-01T11:30:00+02:00", (string?)observation["effectiveDateTime"]);
    }

    [Fact]
    public void A_ConceptMap_resource_maps_codes_and_what_has_no_match_stays_as_it_is()
    {
        var set = Folder.Of(
            ("lab.yaml", "match: {sendingApplication: LAB}\nconceptMaps: [local.json]"),
            ("local.json", """
                {"resourceType": "ConceptMap", "url": "http://gh.example/map", "status": "active", "group": [{"source": "urn:id:99LAB", "target": "http://loinc.org", "element": [
                  {"code": "GLU", "target": [{"code": "2345-7", "equivalence": "wider"}, {"code": "14749-6", "equivalence": "equivalent"}]},
                  {"code": "NA", "target": [{"code": "1", "equivalence": "unmatched"}]}]}]}
                """));

        Assert.Equal(["14749-6", "2345-7", "GLU"], Codes(set, "GLU"));
        Assert.Equal(["NA"], Codes(set, "NA"));
        Assert.Equal(["K"], Codes(set, "K"));
    }

    [Fact]
    public void A_profile_starts_from_the_one_that_it_extends_and_has_the_last_word()
    {
        var set = Folder.Of(
            ("default.yaml", "settings: {timeZone: Europe/Vienna}\nauthorities: {GH: 'http://gh.example/a'}"),
            ("hospital.yaml", "codes: {AdministrativeSex: {replace: {X: male}}}\nconceptMaps: [local.csv]"),
            ("lab.yaml", "extends: hospital\nmatch: {sendingApplication: LAB}\nauthorities: {GH: 'http://gh.example/b'}"),
            Local);
        var patient = set.Translate(Folder.Result("OBR|1|P1|F1|GLU^Sugar^99LAB", Sugar)).Only("Patient");

        Assert.Equal("http://gh.example/b", (string?)patient["identifier"]![0]!["system"]);
        Assert.Equal(["default.yaml", "hospital.yaml", "lab.yaml"], set.Find("lab")!.Files);
        Assert.Equal("Europe/Vienna", set.Find("lab")!.Profile.TimeZone.Id);
        Assert.Equal("Europe/Vienna", set.Default.Profile.TimeZone.Id);
        Assert.Equal("14749-6", Codes(set, "GLU")[0]);
    }

    [Fact]
    public void The_character_set_of_a_feed_is_that_of_its_profile()
    {
        var set = Folder.Of(
            ("east.yaml", "match: {sendingApplication: EAST}\nsettings: {charset: 8859/2}"),
            ("liar.yaml", "match: {sendingApplication: LIAR}\nsettings: {charsetAlways: 8859/2}"));
        string Family(string application, string charset)
        {
            byte[] bytes = [.. Encoding.ASCII.GetBytes($"MSH|^~\\&|{application}|GH|FF|GH|20240501||ADT^A01|42|P|2.5.1||||||{charset}\rPID|1||1||Dvo"), 0xF8, .. "ak\r"u8];
            return (string)set.Translate(Hl7v2.Parsing.Hl7Message.Parse(bytes).Message!).Only("Patient")["name"]![0]!["family"]!;
        }


        Assert.Equal("Dvořak", Family("EAST", ""));
        Assert.Equal("Dvořak", Family("LIAR", "8859/1"));
        Assert.Equal("Dvoøak", Family("EAST", "8859/1"));
        Assert.Equal("Dvoøak", Family("WEST", ""));
    }

    [Fact]
    public void The_provenance_names_the_profile_and_its_version()
    {
        var set = Folder.Of(("lab.yaml", "match: {sendingApplication: LAB}"));
        var policy = (string?)set.Translate(Folder.Result()).Only("Provenance")["policy"]![0];

        Assert.Equal($"urn:fhirfacade:feed:lab:{set.Find("lab")!.Profile.Version}", policy);
    }

    private static string[] Codes(FeedSet set, string code) =>
        [.. set.Translate(Folder.Result($"OBR|1|P1|F1|P^Panel^L", $"OBX|1|NM|{code}^Text^99LAB||5.4||||||F")).Only("Observation")["code"]!["coding"]!.AsArray().Select(c => (string)c!["code"]!)];
}
