using System.Text;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Tests.Parsing;

/// <summary>Parts of fields of every length, at the end of a message and before it: they are looked for in several ways.</summary>
public class PartsTests
{
    [Fact]
    public void A_field_of_any_length_has_the_parts_that_its_separators_make()
    {
        for (var length = 0; length <= 140; length++)
        {
            foreach (var gap in new[] { 1, 2, 7, 31, 200 })
            {
                var field = string.Concat(Enumerable.Range(0, length).Select(i => i % gap == gap - 1 ? '^' : (char)('a' + (i % 26))));
                AssertParts(field, "");
                AssertParts(field, "|x|" + new string('^', 100));
            }
        }
    }

    private static void AssertParts(string field, string after)
    {
        var message = Hl7Message.Parse(Encoding.ASCII.GetBytes($"MSH|^~\\&|A|B|C|D|20240501||ADT^A01|1|P|2.5\rZZZ|{field}{after}")).Message!;
        var element = message.Get("ZZZ-1");
        var parts = field.Split('^');
        for (var n = 1; n <= parts.Length + 70; n++)
        {
            var expected = n <= parts.Length ? parts[n - 1] : "";
            Assert.Equal(expected, element[n].Text);
            Assert.Equal(expected, element.Repetition(1)[n].Text);
        }
    }
}
