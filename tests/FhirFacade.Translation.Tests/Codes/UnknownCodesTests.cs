using System.Text;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Segments;
using FsCheck;
using FsCheck.Fluent;

namespace FhirFacade.Translation.Tests.Codes;

/// <summary>Codes that no table knows, in every field that is coded.</summary>
public class UnknownCodesTests
{
    private const string Request = "ORC|NW|P1|F1";
    private const string Report = "OBR|1|P1|F1|24323-8^Panel^LN|||202405011130";

    // What has to stand around a segment, and in it, for it to say anything.
    private static readonly Dictionary<string, (string Type, string[] Segments)> Contexts = new()
    {
        ["PID"] = ("ADT^A01", [Feed.Pid]),
        ["PD1"] = ("ADT^A01", [Feed.Pid, "PD1|"]),
        ["NK1"] = ("ADT^A01", [Feed.Pid, "NK1|1|Miller^Bob|MTH"]),
        ["PV1"] = ("ADT^A01", [Feed.Pid, "PV1|1|I|||||||||||||||||V1^^^GH"]),
        ["PV2"] = ("ADT^A01", [Feed.Pid, "PV1|1|I|||||||||||||||||V1^^^GH", "PV2|"]),
        ["AL1"] = ("ADT^A01", [Feed.Pid, "AL1|1|DA|70618^Penicillin^RXNORM"]),
        ["IAM"] = ("ADT^A01", [Feed.Pid, "IAM|1|DA|70618^Penicillin^RXNORM||||A1"]),
        ["DG1"] = ("ADT^A01", [Feed.Pid, "PV1|1|I|||||||||||||||||V1^^^GH", "DG1|1||I10^Hypertension^I10C"]),
        ["IN1"] = ("ADT^A01", [Feed.Pid, "IN1|1|PLAN|INS1^^^GH|Insurance"]),
        ["OBR"] = ("ORM^O01", [Feed.Pid, Request, Report]),
        ["ORC"] = ("ORM^O01", [Feed.Pid, Request, Report]),
        ["OBX"] = ("ORU^R01", [Feed.Pid, Report, "OBX|1|ST|2345-7^Glucose^LN||high||||||F"]),
        ["SPM"] = ("ORU^R01", [Feed.Pid, Report, "SPM|1|S1||SER"]),
    };

    private static readonly Gen<string> Code = Gen.Elements("Q7", "QX", "Q-1", "Q42").SelectMany(static start => Gen.Choose(1000, 9999).Select(n => $"{start}{n}"));

    public static IEnumerable<TheoryDataRow<string, string>> CodedFields() =>
        from map in MapFiles.Names("segments")
        where Contexts.ContainsKey(map[..3])
        from row in MapFiles.Read($"segments/{map}.csv")
        where row["type"] is "CweToCode" or "CweToCodeableConcept" or "CweToCoding" && row["field"]!.Contains('-', StringComparison.Ordinal) && !row["field"]!.Contains('.', StringComparison.Ordinal)
        group map by row["field"]! into field
        orderby field.Key
        select new TheoryDataRow<string, string>(field.Key, string.Join(' ', field.Distinct()));

    [Theory]
    [MemberData(nameof(CodedFields))]
    public void A_code_that_no_table_knows_is_kept_or_its_field_is_reported(string field, string maps)
    {
        Assert.NotEmpty(maps);
        var at = Coordinate.Parse(field);
        Prop.ForAll(Arb.From(Code), Arb.From(Gen.Elements("^Some text^99LOCAL", "^Some text", "")), (code, rest) =>
        {
            var (type, segments) = Contexts[at.Segment];
            var text = string.Join('\r', [$@"MSH|^~\&|LAB|GH|FF|GH|20240501120000||{type}|42|P|2.5.1", .. segments.Select(s => s[..3] == at.Segment ? With(s, at.Field, code + rest) : s)]) + "\r";
            var result = Translator.Default.Translate(Hl7Message.Parse(Encoding.UTF8.GetBytes(text)).Message!, FeedProfile.Default);
            Assert.False(result.IsFailure, string.Join(' ', result.Issues));
            Assert.All(result.Resources, Feed.AssertValid);
            Assert.True(
                result.Unmapped.Any(u => u.StartsWith(field, StringComparison.Ordinal)) || result.Resources.Any(r => Feed.Stored(r).ToJsonString().Contains(code, StringComparison.Ordinal)),
                $"{code}{rest} is nowhere");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(8));
    }

    private static string With(string segment, int field, string value)
    {
        var fields = segment.Split('|').ToList();
        while (fields.Count <= field)
        {
            fields.Add("");
        }

        fields[field] = value;
        return string.Join('|', fields);
    }
}
