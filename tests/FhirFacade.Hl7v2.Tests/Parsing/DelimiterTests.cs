using System.Text;
using FhirFacade.Hl7v2.Parsing;
using FsCheck;
using FsCheck.Fluent;

namespace FhirFacade.Hl7v2.Tests.Parsing;

public class DelimiterTests
{
    private static readonly char[] Candidates = [.. Enumerable.Range(0x21, 0x5E).Select(static i => (char)i).Where(static c => !char.IsAsciiLetterOrDigit(c) && c != '"')];

    [Fact]
    public void Any_five_different_separators_give_the_same_message() =>
        Property.Holds(Gen.Shuffle(Candidates).Select(static c => c[..6]), static d =>
        {
            var (field, component, repetition, escape, subcomponent, truncation) = (d[0], d[1], d[2], d[3], d[4], d[5]);
            var text = $"MSH|^~\\&#|A|||||!ADT^A01|1|P|2.7\rPID|1||7^^^X&1.2~8|x\\S\\y\\F\\z\\E\\\\P\\"
                .Replace('!', '|');
            var mapped = string.Concat(text.Select(c => c switch
            {
                '|' => field,
                '^' => component,
                '~' => repetition,
                '\\' => escape,
                '&' => subcomponent,
                '#' => truncation,
                _ => c,
            }));

            // The digits' dots may be separators themselves.
            mapped = mapped.Replace("2.7", "27", StringComparison.Ordinal).Replace("1.2", "12", StringComparison.Ordinal);
            var message = Messages.Parse(mapped);
            Assert.Equal(
                new Delimiters((byte)field, (byte)component, (byte)repetition, (byte)escape, (byte)subcomponent, (byte)truncation),
                message.Delimiters);
            Assert.Equal("12", message.Get("PID-3.4.2").Text);
            Assert.Equal("8", message.Get("PID-3(2)").Text);
            Assert.Equal($"x{component}y{field}z{escape}{truncation}", message.Get("PID-4").Text);
        });

    [Theory]
    [InlineData("^~\\&", "^~\\&", 0)]
    [InlineData("^~\\&#", "^~\\&#", 0)]
    [InlineData("^~\\\\&", "^~\\&", 1)]
    [InlineData("", "^~\\&", 1)]
    [InlineData("^", "^~\\&", 1)]
    [InlineData("^~", "^~\\&", 1)]
    [InlineData("^~\\", "^~\\&", 1)]
    [InlineData("~^\\&", "~^\\&", 0)]
    [InlineData("^~\\&amp;", "^~\\&", 1)]
    [InlineData("^\u00CB\u009C\\&", "^~\\&", 1)]
    [InlineData("^~\u00A5&", "^~\\&", 1)]
    [InlineData("^~\\&#*", "^~\\&#", 1)]
    [InlineData("AB", "^~\\&", 1)]
    public void Damaged_separators_are_replaced_and_reported(string sent, string used, int errors)
    {
        var result = Messages.Read($"MSH|{sent}|A|B|C|D|||ADT^A01|1|P|2.7\rPID|1||7^^^X&1.2~8");
        var d = result.Message!.Delimiters;
        Assert.Equal(used, Encoding.Latin1.GetString([d.Component, d.Repetition, d.Escape, d.Subcomponent, .. d.Truncation == 0 ? [] : new[] { d.Truncation }]));
        Assert.Equal(errors, result.Errors.Length);
        Assert.All(result.Errors, e => Assert.Equal(("MSH-2", Hl7Severity.Warning, Table0357.DataType), (e.Location, e.Severity, e.Code)));
        Assert.Equal("A", result.Message.Get("MSH-3").Text);
    }

    [Fact]
    public void A_separator_that_the_message_lacks_separates_nothing()
    {
        var message = Messages.Read("MSH^~|\\&^A^^^^^^ADT|A01^1^P^2.3\rPID^1^^a|b~c\0d").Message!;
        Assert.Equal((byte)'|', message.Delimiters.Repetition);
        Assert.Equal("a", message.Get("PID-3(1)").Text);

        // MSH-1 takes the recommended component separator, so that there is none.
        message = Messages.Read("MSH^\r").Message!;
        Assert.Equal(0, message.Delimiters.Component);
        message = Messages.Read("MSH^^A\rPID^1^^a\0b").Message!;
        Assert.Equal(1, message.Get("PID-3").ComponentCount);
    }
}
