using System.Buffers;
using System.Text;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Tests.Parsing;

public class EscapeTests
{
    public static TheoryData<string, string> Texts => new()
    {
        { "plain", "plain" },
        { @"a\F\b\S\c\T\d\R\e\E\f", @"a|b^c&d~e\f" },
        { @"\P\", "#" },
        { @"\H\bold\N\ plain", "bold plain" },
        { @"one\.br\two\.BR\three", "one\ntwo\nthree" },
        { @"one\.sp\two\.sp3\three\.sp+2\four", "one\ntwo\n\n\nthree\n\nfour" },
        { @"a\.sk2\b\.sk 3\c", "a  b   c" },
        { @"\.in+5\\.ti-2\\.fi\\.nf\text", "text" },
        { @"head\.ce\line", "head\nline" },
        { @"\X41\\X4243\", "ABC" },
        { @"\X0D0A\", "\r\n" },
        { @"\XC3A9\", "é" },
        { @"\XC3\\XA9\", "é" },
        { @"\X00E0\", "à" },
        { @"\X004100E90042\", "AéB" },
        { @"\X00\", "\0" },
        { @"\.sp-1\", @"\.sp-1\" },
        { @"\.in x\", @"\.in x\" },
        { @"a\X\b", @"a\X\b" },
        { @"a\X4\b", @"a\X4\b" },
        { @"a\XZZ\b", @"a\XZZ\b" },
        { @"\Zlocal\text", @"\Zlocal\text" },
        { @"\ZF\F\", @"\ZF\F\" },
        { @"\unknown\ stays", @"\unknown\ stays" },
        { @"\C2842\x", @"\C2842\x" },
        { @"C:\temp", @"C:\temp" },
        { @"C:\temp\file", @"C:\temp\file" },
        { @"ends with \", @"ends with \" },
        { @"5 \ 3 \.br\next", "5 \\ 3 \nnext" },
        { @"\\", @"\\" },
        { @"\\F\", @"\|" },
        { @"\.xx\", @"\.xx\" },
        { @"\.\", @"\.\" },
        { @"\f\", @"\f\" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Escape_sequences_are_resolved_and_what_is_none_stays(string raw, string text) =>
        Assert.Equal(text, Messages.With($"NTE|1||{raw}").Get("NTE-3").Text);

    [Fact]
    public void Skips_have_a_bound() => Assert.True(Messages.With(@"NTE|1||\.sp2000000000\").Get("NTE-3").Text.Length < 1000);

    [Fact]
    public void Separators_that_were_escaped_do_not_split()
    {
        var field = Messages.With(@"PID|1||A\S\B^C\T\D\R\E").Get("PID-3");
        Assert.Equal(1, field.RepetitionCount);
        Assert.Equal(2, field.ComponentCount);
        Assert.Equal("A^B", field[1].Text);
        Assert.Equal("C&D~E", field[2].Text);
    }

    [Fact]
    public void Whatever_text_is_written_is_read_again() =>
        Property.Holds(Property.Text, static text =>
        {
            var output = new ArrayBufferWriter<byte>();
            EscapeWriter.Write(output, text, Delimiters.Default, Encoding.UTF8);
            byte[] message = [.. Encoding.ASCII.GetBytes(Messages.Header + "||||||UNICODE UTF-8\rNTE|1||"), .. output.WrittenSpan, .. "|x"u8];
            var read = Hl7Message.Parse(message).Message!;
            Assert.Equal(text, read.Get("NTE-3").Text);
            Assert.Equal(text, read.Get("NTE-3.1.1").Text);
            Assert.Equal("x", read.Get("NTE-4").Text);
        });

    [Fact]
    public void Whatever_text_is_written_with_other_separators_is_read_again() =>
        Property.Holds(Property.Text, static text =>
        {
            var delimiters = new Delimiters((byte)'!', (byte)'#', (byte)'*', (byte)'%', (byte)'$');
            var output = new ArrayBufferWriter<byte>();
            EscapeWriter.Write(output, text, delimiters, Encoding.UTF8);
            byte[] message = [.. "MSH!#*%$!!!!!!!ADT#A01!1!P!2.5!!!!!!UNICODE UTF-8\rNTE!1!!"u8, .. output.WrittenSpan];
            Assert.Equal(text, Hl7Message.Parse(message).Message!.Get("NTE-3.1.1").Text);
        });
}
