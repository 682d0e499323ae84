using System.Buffers;
using System.Text;
using FhirFacade.Hl7v2.Parsing;
using FsCheck;
using FsCheck.Fluent;

namespace FhirFacade.Hl7v2.Tests.Parsing;

public class IndexProperties
{
    [Fact]
    public void No_bytes_make_the_parser_or_any_of_its_slices_throw() =>
        Property.Holds(Property.Bytes, static bytes =>
        {
            Touch(bytes);
            Touch([.. "MSH|^~\\&|A|B|||||ADT^A01|1|P|2.5\r"u8, .. bytes]);
            Touch([.. "MSH|^~\\&|A|B|||||ADT^A01|1|P|2.5||||||~ISO IR87\r"u8, .. bytes]);
            Touch([.. "MSH|^~\\&|A|B|||||ADT^A01|1|P|2.5||||||SHIFT_JIS\r"u8, .. bytes]);
            Touch([.. "MSH"u8, .. bytes]);
        }, 1500);

    [Fact]
    public void A_message_taken_apart_by_splitting_strings_has_the_same_parts()
    {
        var field = Gen.Elements("|", "|", "^", "~", "&", "A", "bc", "\\F\\", "\"\"", "12").ListOf().Select(static p => string.Concat(p));
        var segments = Gen.Elements("PID", "OBX", "ZZ1", "OBX").SelectMany(name => field.Select(f => $"{name}|{f}")).ListOf();
        Property.Holds(segments, static lines =>
        {
            var bytes = Encoding.ASCII.GetBytes(string.Join('\r', [Messages.Header, .. lines]));
            Assert.Equal(NaiveMessage.Leaves(bytes), IndexedMessage.Leaves(Hl7Message.Parse(bytes).Message!));
        });
    }

    [Fact]
    public void Every_location_leads_back_to_its_element()
    {
        var message = Messages.With("PID|1||A^^^X&1.2&ISO~B|x", "OBX|1||a", "OBX|2||b^c&d~e");
        foreach (var (location, raw) in IndexedMessage.Leaves(message))
        {
            Assert.Equal(raw, Encoding.Latin1.GetString(message.Get(location).Raw));
        }
    }

    // The slices must be right where a block of the vectorised pass ends.
    [Fact]
    public void Lengths_around_every_block_boundary_give_the_same_parts()
    {
        for (var pad = 0; pad < 200; pad++)
        {
            var bytes = Encoding.ASCII.GetBytes($"{Messages.Header}|{new string('x', pad)}|y\rPID|1|{new string('|', pad)}|z^w\r\nNTE|{pad}");
            Assert.Equal(NaiveMessage.Leaves(bytes), IndexedMessage.Leaves(Hl7Message.Parse(bytes).Message!));
        }
    }

    [Fact]
    public void A_message_that_is_nothing_but_separators_is_read_in_linear_time()
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes(Messages.Header + "\rPID|1||"), .. Enumerable.Repeat((byte)'~', 300_000), .. Enumerable.Repeat((byte)'|', 300_000)];
        var message = Hl7Message.Parse(bytes).Message!;
        Assert.Equal(300_003, message[1].FieldCount);
        Assert.Equal(300_001, message[1][3].Repetitions.Count());
        Assert.True(message[1][3].IsEmpty);
    }

    [Fact]
    public void Errors_never_hold_what_the_message_holds() =>
        Property.Holds(Property.Bytes, static bytes =>
        {
            byte[] message = [.. "MSH|^~\\&|||||||SECRET|"u8, .. bytes, .. "\rSECRET line\rMSH|SECRET"u8];
            foreach (var error in Hl7Message.Parse(message).Errors)
            {
                Assert.DoesNotContain("SECRET", error.Location + error.Rule, StringComparison.Ordinal);
            }
        });

    private static void Touch(byte[] bytes)
    {
        var result = Hl7Message.Parse(bytes);
        Assert.True(result.Message is not null || result.IsRejected);
        if (result.Message is { } message)
        {
            IndexedMessage.Touch(message);
        }
    }
}
