using System.Text;
using FhirFacade.Hl7v2.Framing;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Tests.Framing;

public class BatchReaderTests
{
    private const string First = "MSH|^~\\&|A|||||||1|P|2.5\rPID|1";
    private const string Second = "MSH|^~\\&|A|||||||2|P|2.5\rPID|2";

    public static TheoryData<string, int> Inputs => new()
    {
        { First, 1 },
        { First + "\r", 1 },
        { First + "\r" + Second, 2 },
        { First + "\r\n\r\n" + Second + "\n", 2 },
        { "\uFEFF" + First, 1 },
        { "\uFEFF" + First + "\r\uFEFF" + Second, 2 },
        { "\u000B" + First + "\r\u001C\r\u000B" + Second + "\r\u001C\r", 2 },
        { "\u000B" + First + "\u001C\u000B" + Second + "\u001C", 2 },
        { "FHS|^~\\&|X\rBHS|^~\\&|X\r" + First + "\r" + Second + "\rBTS|2\rFTS|1\r", 2 },
        { "BHS|^~\\&|X\r" + First + "\rBTS|1\rBHS|^~\\&|X\r" + Second + "\rBTS|1", 2 },
        { "FHS|^~\\&|X\r" + First + "\rFTS|0", 1 },
        { "BHS#*~%$#X\r" + First + "\rBTS# 1 #", 1 },
        { "FHS|^~\\&|X\rBHS|^~\\&|X\r" + First + "\r" + Second + "\rBTS\rFTS|", 2 },
        { First.Replace('\r', '\n') + "\nNTE|1||MSHA is no segment\nMSH", 1 },
        { First + "\rNTE|1||Hormones:\rMSH: raised\rMSH - lowered\rBTS was not done\rFTS: negative\r" + Second, 2 },
        { First + "\r" + Second.Replace('|', '*'), 2 },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Messages_are_found_in_whatever_they_are_wrapped_in(string input, int count)
    {
        var bytes = Encoding.UTF8.GetBytes(input);
        var content = BatchReader.Read(bytes);
        Assert.Empty(content.Errors);
        Assert.Equal(count, content.Messages.Length);
        for (var i = 0; i < count; i++)
        {
            var part = content.Messages[i];
            var number = (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(i + 1, part.Number);
            Assert.Equal(bytes[part.Offset..(part.Offset + part.Bytes.Length)], part.Bytes.ToArray());
            var message = Hl7Message.Parse(part.Bytes).Message!;
            Assert.Equal(number, message.ControlId);
            Assert.Equal(number, message.Get("PID-1").Text);
        }
    }

    [Theory]
    [InlineData("BHS|^~\\&|X\r" + First + "\rBTS|2", "BTS-1")]
    [InlineData("BHS|^~\\&|X\r" + First + "\rBTS|1\rBHS|^~\\&|X\r" + Second + "\rBTS|x", "BTS(2)-1")]
    [InlineData("FHS|^~\\&|X\rBHS|^~\\&|X\r" + First + "\rBTS|1\rFTS|2", "FTS-1")]
    [InlineData("FHS|^~\\&|X\rBHS|^~\\&|X\r" + First + "\rBTS|99999999999999\rFTS|1", "BTS-1")]
    public void Counts_that_do_not_agree_are_reported_and_lose_nothing(string input, string location)
    {
        var content = BatchReader.Read(Encoding.UTF8.GetBytes(input));
        var error = Assert.Single(content.Errors);
        Assert.Equal((location, Hl7Severity.Warning, Table0357.OtherHl7Error), (error.Location, error.Severity, error.Code));
        Assert.NotEmpty(content.Messages);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("\uFEFF")]
    [InlineData("FHS|^~\\&|X\rBHS|^~\\&|X\rBTS|0\rFTS|1")]
    public void An_input_without_messages_is_an_error(string input)
    {
        var content = BatchReader.Read(Encoding.UTF8.GetBytes(input));
        Assert.Empty(content.Messages);
        Assert.Equal("byte 0", Assert.Single(content.Errors).Location);
    }

    [Fact]
    public void Lines_that_belong_to_no_message_are_reported_once_with_their_place()
    {
        var before = "hello\rworld\r" + First + "\rBTS|1\r";
        var content = BatchReader.Read(Encoding.UTF8.GetBytes(before + "PID|1\rPID|2\r" + Second));
        Assert.Equal(2, content.Messages.Length);
        Assert.Equal(["byte 0", $"byte {before.Length}"], content.Errors.Select(e => e.Location));
        Assert.All(content.Errors, e => Assert.Equal(Hl7Severity.Error, e.Severity));
    }

    [Fact]
    public void One_bad_message_does_not_sink_the_rest()
    {
        var content = BatchReader.Read(Encoding.UTF8.GetBytes($"BHS|^~\\&|X\r{First}\rMSH|\u0001\u0002garbage\r{Second}\rBTS|3"));
        Assert.Empty(content.Errors);
        Assert.Equal(3, content.Messages.Length);
        Assert.Equal("2", Hl7Message.Parse(content.Messages[2].Bytes).Message!.ControlId);
    }

    [Fact]
    public void No_bytes_make_the_reader_throw_and_messages_never_overlap() =>
        Property.Holds(Property.Bytes, static bytes =>
        {
            byte[] input = [.. bytes, .. "\rMSH|^~\\&|\r"u8, .. bytes, .. "\rBTS|1\r"u8, .. bytes];
            var end = 0;
            foreach (var part in BatchReader.Read(input).Messages)
            {
                Assert.True(part.Offset >= end);
                end = part.Offset + part.Bytes.Length;
                Assert.True(input.AsSpan(part.Offset).StartsWith("MSH"u8));
            }

            Assert.True(end <= input.Length);
        });
}
