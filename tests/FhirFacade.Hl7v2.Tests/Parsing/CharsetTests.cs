using System.Text;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Tests.Parsing;

public class CharsetTests
{
    private static readonly EncodingProvider CodePages = CodePagesEncodingProvider.Instance;

    [Theory]
    [InlineData("UNICODE UTF-8", "utf-8", "Müller Ж 日本")]
    [InlineData("UTF-8", "utf-8", "Müller Ж 日本")]
    [InlineData("UNICODE", "utf-8", "Müller")]
    [InlineData("8859/1", "iso-8859-1", "Müller")]
    [InlineData("ISO-8859-1", "iso-8859-1", "Müller")]
    [InlineData("ISO IR100", "iso-8859-1", "Müller")]
    [InlineData("8859/2", "iso-8859-2", "Łódź")]
    [InlineData("8859/5", "iso-8859-5", "Жуков")]
    [InlineData("8859/7", "iso-8859-7", "Αθήνα")]
    [InlineData("8859/9", "iso-8859-9", "Işık")]
    [InlineData("8859/15", "iso-8859-15", "Œuvre €")]
    [InlineData("windows-1252", "windows-1252", "“Müller” €")]
    [InlineData("WINDOWS-1251", "windows-1251", "Жуков")]
    [InlineData("GB 18030-2000", "GB18030", "张三丰")]
    [InlineData("BIG-5", "big5", "陳大文功")]
    [InlineData("KS X 1001", "ks_c_5601-1987", "김철수")]
    [InlineData("SHIFT_JIS", "shift_jis", "山田ソ表太郎")]
    [InlineData("~ISO IR87", "iso-2022-jp", "山田^太郎")]
    [InlineData("ISO IR87", "iso-2022-jp", "日本")]
    [InlineData("ASCII~ISO IR87", "iso-2022-jp", "日本 and ASCII")]
    public void The_declared_character_set_is_used(string declared, string encoding, string text)
    {
        var bytes = Encode(encoding, $"PID|1||42||{text}^X|after");
        var result = Messages.Declaring(declared, bytes);
        Assert.Empty(result.Errors);
        Assert.Equal(text, string.Join('^', Enumerable.Range(1, result.Message!.Get("PID-5").ComponentCount - 1).Select(i => result.Message.Get("PID-5")[i].Text)));
        Assert.Equal("after", result.Message.Get("PID-6").Text);
        Assert.Equal(2, result.Message.SegmentCount);
    }

    [Fact]
    public void Bytes_of_a_character_that_look_like_separators_separate_nothing()
    {
        // In JIS X 0208 their second bytes are 7C (|), 5E (^), 7E (~), 5C (\) and 26 (&).
        var bytes = Encode("iso-2022-jp", "PID|1||日図時本愛|after");
        Assert.All("^~\\&"u8.ToArray(), separator => Assert.Contains(separator, bytes));
        Assert.Equal(5, bytes.AsSpan().Count((byte)'|'));
        var message = Messages.Declaring("~ISO IR87", bytes).Message!;
        Assert.Equal("日図時本愛", message.Get("PID-3").Text);
        Assert.Equal(1, message.Get("PID-3").ComponentCount);
        Assert.Equal("after", message.Get("PID-4").Text);
        Assert.Equal(4, message.Nth("PID", 1)!.Value.FieldCount);
    }

    [Theory]
    [InlineData("shift_jis", "SHIFT_JIS", "ソ能表十")]
    [InlineData("big5", "BIG-5", "功許蓋")]
    [InlineData("GB18030", "GB18030", "誠餦")]
    public void Second_bytes_that_look_like_separators_separate_nothing(string encoding, string declared, string text)
    {
        var bytes = Encode(encoding, $"PID|1||{text}|after");
        Assert.True(bytes.AsSpan().ContainsAny("^~\\&"u8) || bytes.AsSpan().Count((byte)'|') > 4);
        var message = Messages.Declaring(declared, bytes).Message!;
        Assert.Equal(text, message.Get("PID-3.1.1").Text);
        Assert.Equal("after", message.Get("PID-4").Text);
    }

    [Fact]
    public void A_forgotten_switch_back_costs_one_line()
    {
        byte[] rest = [.. "PID|1||"u8, 0x1B, (byte)'$', (byte)'B', 0x46, 0x7C, .. "\rPV1|1|I"u8];
        var message = Messages.Declaring("~ISO IR87", rest).Message!;
        Assert.Equal("日", message.Get("PID-3").Text);
        Assert.Equal("I", message.Get("PV1-2").Text);
    }

    [Theory]
    [InlineData(@"\M2442\F|\C2842\.", "~ISO IR87", "日.")]
    [InlineData(@"a\C2D46\Ñ\C2D41\Ñ", "8859/1~8859/7", "aΡÑ")]
    [InlineData(@"\C2D4C\Ö", "8859/1~8859/5", "ж")]
    [InlineData(@"\C2949\±", "ASCII~ISO IR13", "ｱ")]
    public void HL7_escape_sequences_switch_the_character_set(string raw, string declared, string text)
    {
        byte[] rest = [.. "NTE|1||"u8, .. Encoding.Latin1.GetBytes(raw), .. "|x"u8];
        var message = Messages.Declaring(declared, rest).Message!;
        Assert.Equal(text, message.Get("NTE-3").Text);
        Assert.Equal("x", message.Get("NTE-4").Text);
    }

    [Fact]
    public void Without_MSH_18_valid_UTF_8_is_UTF_8_and_the_rest_Latin_1()
    {
        Assert.Equal("Müller", Messages.Declaring("", "NTE|1||Müller"u8).Message!.Get("NTE-3").Text);
        Assert.Equal("Müller", Messages.Declaring("", Encoding.Latin1.GetBytes("NTE|1||Müller")).Message!.Get("NTE-3").Text);
        Assert.Equal("Müller", Messages.Declaring("\"\"", Encoding.Latin1.GetBytes("NTE|1||Müller")).Message!.Get("NTE-3").Text);
        Assert.Empty(Messages.Declaring("", Encoding.Latin1.GetBytes("NTE|1||Müller")).Errors);
    }

    [Theory]
    [InlineData("KLINGON", "MSH-18", Table0357.TableValueNotFound)]
    [InlineData("UNICODE UTF-16", "MSH-18", Table0357.TableValueNotFound)]
    [InlineData("8859/1~KLINGON", "MSH-18(2)", Table0357.TableValueNotFound)]
    [InlineData("ASCII", "byte", Table0357.DataType)]
    [InlineData("UNICODE UTF-8", "byte", Table0357.DataType)]
    public void A_character_set_that_is_unknown_or_wrong_is_reported(string declared, string location, int code)
    {
        var result = Messages.Declaring(declared, Encoding.Latin1.GetBytes("NTE|1||M\u00FCller"));
        var error = Assert.Single(result.Errors);
        Assert.Equal((code, Hl7Severity.Warning), (error.Code, error.Severity));
        Assert.StartsWith(location, error.Location, StringComparison.Ordinal);
        if (location == "byte")
        {
            Assert.Equal(0xFC, result.Message!.Bytes.Span[int.Parse(error.Location[5..], System.Globalization.CultureInfo.InvariantCulture)]);
        }

        if (declared != "UNICODE UTF-8")
        {
            Assert.Equal("Müller", result.Message!.Get("NTE-3").Text);
        }
    }

    [Fact]
    public void A_feed_may_say_what_its_sender_does_not()
    {
        var greek = CodePages.GetEncoding("iso-8859-7")!;
        byte[] undeclared = [.. Encoding.ASCII.GetBytes(Messages.Header + "\rNTE|1||"), .. greek.GetBytes("Αθήνα")];
        byte[] declared = [.. Encoding.ASCII.GetBytes(Messages.Header + "||||||8859/1\rNTE|1||"), .. greek.GetBytes("Αθήνα")];
        Assert.Equal("Αθήνα", Hl7Message.Parse(undeclared, new CharsetRule(WhenAbsent: greek)).Message!.Get("NTE-3").Text);
        Assert.NotEqual("Αθήνα", Hl7Message.Parse(declared, new CharsetRule(WhenAbsent: greek)).Message!.Get("NTE-3").Text);
        Assert.Equal("Αθήνα", Hl7Message.Parse(declared, new CharsetRule(Always: greek)).Message!.Get("NTE-3").Text);
    }

    [Theory]
    [InlineData("\\XE9\\", "é")]
    [InlineData("\\XD6\\", "Ö")]
    public void Hexadecimal_bytes_are_in_the_character_set_of_the_message(string raw, string text) =>
        Assert.Equal(text, Messages.Declaring("8859/1", Encoding.ASCII.GetBytes($"NTE|1||{raw}")).Message!.Get("NTE-3").Text);

    private static byte[] Encode(string encoding, string text) => (CodePages.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding)).GetBytes(text);
}
