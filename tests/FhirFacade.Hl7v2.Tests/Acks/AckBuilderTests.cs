using System.Text;
using FhirFacade.Hl7v2.Acks;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Tests.Acks;

public class AckBuilderTests
{
    private static readonly DateTimeOffset Now = new(2024, 5, 17, 9, 30, 12, 345, TimeSpan.FromHours(2));

    private static readonly Hl7Error Missing = new(Table0357.RequiredFieldMissing, Hl7Severity.Error, "PID-3(2).4.1", "PID-3 is required & must | be there.");

    private static readonly Hl7Error Unlocated = new(Table0357.SegmentSequence, Hl7Severity.Warning, "segment 3", "Out of order.");

    [Fact]
    public void A_positive_acknowledgement_swaps_sender_and_receiver_and_names_the_message() =>
        Assert.Equal(
            "MSH|^~\\&|RCV|RFAC|APP^1.2^ISO|FAC|20240517093012.345+0200||ACK^A01^ACK|A7|T|2.5.1\rMSA|AA|ID 1\r",
            Build("MSH|^~\\&|APP^1.2^ISO|FAC|RCV|RFAC|20240101||ADT^A01^ADT_A01|ID 1|T|2.5.1", AckCode.AA));

    [Fact]
    public void Errors_have_a_segment_each_from_version_2_5()
    {
        var ack = Build("MSH|^~\\&|APP|FAC|||20240101||ORU^R01|1|P|2.5", AckCode.AE, Missing, Unlocated);
        Assert.EndsWith(
            "MSA|AE|1\r"
            + "ERR||PID^1^3^2^4^1|101^Required field missing^HL70357|E|||PID-3 is required \\T\\ must \\F\\ be there.\r"
            + "ERR|||100^Segment sequence error^HL70357|W|||segment 3: Out of order.\r",
            ack,
            StringComparison.Ordinal);
        var read = Messages.Parse(ack);
        Assert.Equal(Missing.Rule, read.Get("ERR-7").Text);
        Assert.Equal("101", read.Get("ERR-3.1").Text);
    }

    [Fact]
    public void Errors_share_one_segment_before_version_2_5() =>
        Assert.EndsWith(
            "MSA|AR|1|PID-3(2).4.1: PID-3 is required \\T\\ must \\F\\ be there.\r"
            + "ERR|PID^1^3^101&Required field missing&HL70357~^^^100&Segment sequence error&HL70357\r",
            Build("MSH|^~\\&|APP|FAC|||20240101||ORU^R01|1|P|2.3.1", AckCode.AR, Missing, Unlocated),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("2.1", "ACK", "20240517093012")]
    [InlineData("2.2", "ACK", "20240517093012")]
    [InlineData("2.3", "ACK^A01", "20240517093012.345+0200")]
    [InlineData("2.3.1", "ACK^A01^ACK", "20240517093012.345+0200")]
    [InlineData("2.4", "ACK^A01^ACK", "20240517093012.345+0200")]
    [InlineData("2.8.2", "ACK^A01^ACK", "20240517093012.345+0200")]
    public void The_answer_is_written_in_the_version_of_the_question(string version, string type, string time)
    {
        var ack = Messages.Parse(Build($"MSH|^~\\&|APP|FAC|||20240101||ADT^A01|1|P|{version}", AckCode.CA));
        Assert.Equal((type, time, version), (ack.Get("MSH-9").Text, ack.Get("MSH-7").Text, ack.Version));
        Assert.Equal("CA", ack.Get("MSA-1").Text);
    }

    [Fact]
    public void The_answer_uses_the_separators_and_the_character_set_of_the_question()
    {
        byte[] question = [.. "MSH#*~%$@#APP#F"u8, 0xFC, .. "r###20240101##ADT*A01#1#P#2.7######8859/1"u8];
        var error = Missing with { Rule = "Größe # and * stay." };
        var bytes = AckBuilder.Build(Hl7Message.Parse(question).Message, AckCode.AE, [error], Now, "A7");
        var text = Encoding.Latin1.GetString(bytes);
        Assert.StartsWith("MSH#*~%$@###APP#Für#", text, StringComparison.Ordinal);
        Assert.Contains("ACK*A01*ACK#A7#P#2.7######8859/1\r", text, StringComparison.Ordinal);
        Assert.Equal("Für", Hl7Message.Parse(bytes).Message!.Get("MSH-6").Text);
        Assert.Equal(error.Rule, Hl7Message.Parse(bytes).Message!.Get("ERR-7").Text);
    }

    [Fact]
    public void What_cannot_be_read_is_answered_with_the_recommended_separators()
    {
        var result = Hl7Message.Parse("nonsense"u8.ToArray());
        Assert.Equal(
            "MSH|^~\\&|||||20240517093012.345+0200||ACK|A7|P|2.5.1\rMSA|AR|\r"
            + "ERR|||100^Segment sequence error^HL70357|E|||byte 0: A message must start with the segment MSH.\r",
            Encoding.UTF8.GetString(AckBuilder.Build(result.Message, AckCode.AR, result.Errors, Now, "A7")));
    }

    [Fact]
    public void A_damaged_header_cannot_break_the_answer()
    {
        var ack = Build("MSH|^~\\&|AP\u0007P|F\nAC\tX|||20240101||ADT^A01|1\u000B\u001C2|P|2.5", AckCode.AA);
        Assert.Equal(2, Messages.Parse(ack).SegmentCount);
        Assert.DoesNotContain(ack, c => c < 0x20 && c != '\r');
    }

    [Fact]
    public void An_answer_has_a_bound_however_much_is_wrong() =>
        Assert.True(AckBuilder.Build(null, AckCode.AE, [.. Enumerable.Repeat(Missing, 10_000)], Now, "A7").Length < 20_000);

    private static string Build(string question, AckCode code, params Hl7Error[] errors) =>
        Encoding.UTF8.GetString(AckBuilder.Build(Messages.Parse(question), code, errors, Now, "A7"));
}
