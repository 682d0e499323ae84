using System.Text;
using FhirFacade.Hl7v2.Parsing;
using FsCheck;
using FsCheck.Fluent;

namespace FhirFacade.Translation.Tests;

/// <summary>Whatever stands in the fields, what comes out is valid or is not there.</summary>
public class PropertyTests
{
    // Mostly what means something somewhere, some of anything.
    private static readonly Gen<string> Field = Gen.Frequency(
        (6, Gen.Elements("^", "^", "^", "&", "~", "\"\"", "\\", "\\.br\\", "\\X0A\\", " ", "#")),
        (6, Gen.Elements("A", "F", "P", "MR", "DA", "I", "NM", "SN", "CWE", "TX", "ED", "NA", "5", "-5.40", "1E9", "<", ">=", ":", "-", "Y", "N", "U", "X")),
        (4, Gen.Elements("20240501", "2024", "202405011230+0200", "0000", "99999999", "1.2.3", "ISO", "LN", "HL70002", "Base64", "urn:x", "a@b.org", "NPI")),
        (2, Gen.Elements("é", "日本", "\u00A0", "\u0007", "Miller", "x y  z", "<b>"))).ListOf().Select(static parts => string.Concat(parts.Take(12)));

    private static readonly Gen<string> Segment =
        from name in Gen.Elements("PID", "PID", "PD1", "NK1", "PV1", "PV2", "AL1", "IAM", "DG1", "IN1", "ORC", "OBR", "OBX", "OBX", "NTE", "SPM", "EVN", "MRG", "SFT", "MSA", "ZZZ")
        from fields in Field.ListOf()
        select $"{name}|{string.Join('|', fields.Take(55))}";

    private static readonly Gen<string> Message =
        from type in Gen.Elements("ADT^A01", "ADT^A08", "ADT^A13", "ADT^A40", "ORU^R01", "ORM^O01", "OUL^R22", "VXU^V04", "QRY", "^", "ADT")
        from segments in Segment.ListOf()
        select $"MSH|^~\\&|LAB|GH|FF|GH|20240501||{type}|42|P|2.5.1\r{string.Join('\r', segments.Take(25))}\r";

    [Fact]
    public void No_message_makes_an_exception_or_an_invalid_resource()
    {
        Holds(static result => Assert.All(result.Resources, Feed.AssertValid));
    }

    [Fact]
    public void Every_reference_leads_to_a_resource_of_the_message()
    {
        Holds(static result =>
        {
            var made = result.Resources.Select(r => r.Reference).ToHashSet();
            Assert.All(result.Resources.SelectMany(r => Feed.References(r.Content)), r => Assert.Contains(r, made));
        });
    }

    [Fact]
    public void Issues_and_reports_name_places_and_never_values()
    {
        Holds(static result =>
        {
            Assert.All(result.Issues, i => Assert.Matches(@"^[A-Z][A-Z0-9]{2}(\(\d+\))?(-[\d().]+)?$", i.Location));
            Assert.All(result.Unmapped, u => Assert.True(Coordinate.TryParse(u, out _), u));
        });
    }

    private static void Holds(Action<TranslationResult> sentence) =>
        Prop.ForAll(Arb.From(Message), text =>
        {
            if (Hl7Message.Parse(Encoding.UTF8.GetBytes(text)).Message is { } message)
            {
                sentence(Translator.Default.Translate(message, FeedProfile.Default));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
}
