using System.Text;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Tests.Parsing;

public class MessageTests
{
    [Fact]
    public void Header_fields_count_the_field_separator_as_MSH_1()
    {
        var message = Messages.With();
        Assert.Equal("|", message.Get("MSH-1").Text);
        Assert.Equal("^~\\&", message.Get("MSH-2").Text);
        Assert.Equal("APP", message.Get("MSH-3").Text);
        Assert.Equal(12, message[0].FieldCount);
        Assert.Equal("2.5.1", message.Version);
        Assert.Equal(("ADT", "A01", "ADT_A01", "ID1"), (message.MessageCode, message.TriggerEvent, message.Structure, message.ControlId));
    }

    [Theory]
    [InlineData("\r")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\n\r\n\n")]
    public void Segments_end_at_any_line_break(string lineBreak)
    {
        var message = Messages.Parse(string.Join(lineBreak, Messages.Header, "EVN|A01", "PID|1||42", "ZZ1|own", ""));
        Assert.Equal(["MSH", "EVN", "PID", "ZZ1"], message.Segments.Select(s => s.Name));
        Assert.Equal("42", message.Get("PID-3").Text);
        Assert.Equal("own", message.Get("ZZ1-1").Text);
    }

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData("\r\n")]
    [InlineData("\uFEFF \t\r\n")]
    [InlineData("\u000B")]
    public void What_may_stand_before_a_message_is_skipped(string lead) => Assert.Equal("ID1", Messages.Parse(lead + Messages.Header).ControlId);

    [Fact]
    public void Coordinates_reach_repetitions_components_and_sub_components()
    {
        var message = Messages.With("PID|1||A^^^X&1.2&ISO~B^^^Y&3.4&ISO", "OBX|1||a", "OBX|2||b", "OBX|3||c^d");
        Assert.Equal("1.2", message.Get("PID-3.4.2").Text);
        Assert.Equal("3.4", message.Get("PID-3(2).4.2").Text);
        Assert.Equal("Y&3.4&ISO", message.Get("PID-3(2).4").Text);
        Assert.Equal("A^^^X&1.2&ISO~B^^^Y&3.4&ISO", message.Get("PID-3").Text);
        Assert.Equal("d", message.Get("OBX(3)-3.2").Text);
        Assert.Equal("c", message.Get("OBX(3)-3.1.1").Text);
    }

    [Theory]
    [InlineData("PID-99")]
    [InlineData("PID-3(9)")]
    [InlineData("PID-3.9")]
    [InlineData("PID-3.1.9")]
    [InlineData("PV1-2")]
    [InlineData("PID(2)-3")]
    public void What_is_not_there_is_an_empty_element(string coordinate)
    {
        var element = Messages.With("PID|1||A").Get(coordinate);
        Assert.True(element.IsEmpty);
        Assert.False(element.HasValue);
        Assert.Equal("", element.Text);
        Assert.Equal("", element.Value);
        Assert.Equal("", element[2][3].Repetition(2).Subcomponent(4).Text);
        Assert.Equal(0, element.ComponentCount);
    }

    [Theory]
    [InlineData("", true, false)]
    [InlineData("\"\"", false, true)]
    [InlineData("x", false, false)]
    [InlineData("\"", false, false)]
    [InlineData("\"\"\"\"", false, false)]
    [InlineData("^&~^", true, false)]
    [InlineData("^^x", false, false)]
    public void Empty_and_null_differ(string field, bool isEmpty, bool isNull)
    {
        var element = Messages.With($"PID|1||{field}|").Get("PID-3");
        Assert.Equal((isEmpty, isNull, !isEmpty && !isNull), (element.IsEmpty, element.IsNull, element.HasValue));
    }

    [Fact]
    public void A_component_may_be_null_in_a_field_that_has_values()
    {
        var name = Messages.With("PID|1||||Doe^\"\"^&").Get("PID-5");
        Assert.True(name.HasValue);
        Assert.True(name[2].IsNull);
        Assert.Equal("", name[2].Value);
        Assert.True(name[3].IsEmpty);
    }

    [Fact]
    public void Repetitions_are_counted_and_keep_their_places()
    {
        var field = Messages.With("PID|1||A~~C").Get("PID-3");
        Assert.Equal(3, field.RepetitionCount);
        Assert.Equal(["A", "", "C"], field.Repetitions.Select(r => r.Text));
        Assert.Equal(["PID-3", "PID-3(2)", "PID-3(3)"], field.Repetitions.Select(r => r.Location));
        Assert.Empty(Messages.With("PID|1||").Get("PID-3").Repetitions);
        Assert.Equal(0, Messages.With("PID|1||").Get("PID-3").RepetitionCount);
    }

    [Fact]
    public void A_data_type_is_read_alike_as_a_field_and_as_a_component()
    {
        var message = Messages.With("PID|1||42^^^X&1.2&ISO", "PV1|1|I|||||||||||||||||42^^^X");
        Assert.Equal("1.2", message.Get("PID-3").Component(4).Component(2).Text);
        Assert.Equal(3, message.Get("PID-3").Component(4).ComponentCount);
        Assert.Equal("X", message.Get("PV1-19")[4][1].Text);
        Assert.Equal("X", message.Get("PV1-19")[4][1][1].Text);
        Assert.True(message.Get("PV1-19")[4][1][2].IsEmpty);
    }

    [Fact]
    public void Value_is_what_a_reader_of_a_simple_type_takes()
    {
        var message = Messages.With("PID|1||||||19700101&x^y~z|\"\"");
        Assert.Equal("19700101", message.Get("PID-7").Value);
        Assert.Equal("19700101&x^y~z", message.Get("PID-7").Text);
        Assert.Equal("", message.Get("PID-8").Value);
    }

    [Fact]
    public void Locations_name_the_segment_among_its_like()
    {
        var message = Messages.With("OBX|1||a", "NTE|1", "OBX|2||b~c^d&e");
        Assert.Equal("OBX(2)-3(2).2.2", message.Get("OBX(2)-3(2).2.2").Location);
        Assert.Equal("OBX(2)-99", message.Get("OBX(2)-99").Location);
        Assert.Equal(["OBX", "OBX(2)"], message.SegmentsNamed("OBX").Select(s => s.Location));
        Assert.Equal(2, message.SegmentsNamed("OBX").Last().Ordinal);
        Assert.Null(message.First("PV1"));
        Assert.Equal(3, message.Nth("OBX", 2)!.Value.Index);
    }

    [Fact]
    public void A_line_break_inside_a_text_belongs_to_the_field_that_it_is_in()
    {
        var result = Messages.Read(Messages.Header + "\rOBX|1|TX|T^Note||First line\r\rsecond, with text\rthird||||||F\rNTE|1");
        var message = result.Message!;
        Assert.Equal(["MSH", "OBX", "NTE"], message.Segments.Select(s => s.Name));
        Assert.Equal("First line\r\rsecond, with text\rthird", message.Get("OBX-5").Text);
        Assert.Equal("F", message.Get("OBX-11").Text);
        var error = Assert.Single(result.Errors);
        Assert.Equal((Hl7Severity.Warning, "segment 2"), (error.Severity, error.Location));
    }

    [Theory]
    [InlineData("", "byte 0")]
    [InlineData("\r\n\r\n", "byte 4")]
    [InlineData("PID|1||2", "byte 0")]
    [InlineData("FHS|^~\\&|X\rMSH|^~\\&|", "byte 0")]
    [InlineData("MSH", "MSH-1")]
    [InlineData("MSHX^~\\&X", "MSH-1")]
    [InlineData("MSH\r|^~", "MSH-1")]
    [InlineData("MSH |^~", "MSH-1")]
    [InlineData("\u00FF\u00FEM\0S\0H\0", "byte 0")]
    [InlineData("{\"a\":1}", "byte 0")]
    public void What_is_no_message_is_an_error_with_a_place(string text, string location)
    {
        var result = Messages.Read(text);
        Assert.Null(result.Message);
        Assert.True(result.IsRejected);
        var error = Assert.Single(result.Errors);
        Assert.Equal((Hl7Severity.Error, location), (error.Severity, error.Location));
    }

    [Theory]
    [InlineData("MSH|^~\\&|||||||ADT^A01||P|2.3", "MSH-10", Table0357.RequiredFieldMissing, false)]
    [InlineData("MSH|^~\\&|||||||ADT^A01|1||2.3", "MSH-11", Table0357.RequiredFieldMissing, false)]
    [InlineData("MSH|^~\\&|||||||ADT^A01|1|P", "MSH-12", Table0357.RequiredFieldMissing, false)]
    [InlineData("MSH|^~\\&|||||||ADT^A01|1|P|3.0", "MSH-12", Table0357.UnsupportedVersionId, false)]
    [InlineData("MSH|^~\\&||||||||1|P|2.3", "MSH-9", Table0357.RequiredFieldMissing, true)]
    [InlineData("MSH|^~\\&|||||||ADT^A01|1|P|2.3\rPID|1\rMSH|^~\\&|||||||ADT^A01|2|P|2.3", "MSH(2)", Table0357.SegmentSequence, true)]
    public void A_header_that_lacks_what_every_message_needs_is_reported(string text, string location, int code, bool isRejected)
    {
        var result = Messages.Read(text);
        Assert.NotNull(result.Message);
        Assert.Equal(isRejected, result.IsRejected);
        var error = Assert.Single(result.Errors);
        Assert.Equal((code, location), (error.Code, error.Location));
    }

    [Theory]
    [InlineData("2.1")]
    [InlineData("2.3.1")]
    [InlineData("2.8.2")]
    [InlineData("2.5.1^DEU")]
    public void Versions_of_the_standard_are_known(string version) =>
        Assert.Empty(Messages.Read($"MSH|^~\\&|||||||ADT^A01|1|P|{version}").Errors);

    [Fact]
    public void A_message_is_a_view_of_the_bytes_that_were_received()
    {
        var bytes = Encoding.ASCII.GetBytes(Messages.Header + "\rPID|1||A");
        var message = Hl7Message.Parse(bytes).Message!;
        bytes[^1] = (byte)'B';
        Assert.Equal("B", message.Get("PID-3").Text);
    }

    [Fact]
    public void Reading_fields_allocates_nothing()
    {
        var message = Messages.With("PID|1||A^^^X&1.2&ISO~B|\"\"|Doe^John", "OBX|1|NM|A^B^LN||12|mg");
        Read(message);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(message);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static int Read(Hl7Message message)
        {
            var sum = 0;
            foreach (var segment in message.Segments)
            {
                for (var i = 1; i <= segment.FieldCount; i++)
                {
                    foreach (var repetition in segment[i].Repetitions)
                    {
                        sum += repetition[1].Raw.Length + repetition[4][2].Raw.Length + (repetition.IsEmpty || repetition.Is("NM") ? 1 : 0);
                    }
                }
            }

            return sum;
        }
    }

    [Theory]
    [InlineData("1", true, 1)]
    [InlineData("0012", true, 12)]
    [InlineData("-1", false, 0)]
    [InlineData("1.5", false, 0)]
    [InlineData("", false, 0)]
    [InlineData("99999999999", false, 0)]
    [InlineData("1 ", false, 0)]
    public void Whole_numbers_are_read_strictly(string text, bool isNumber, int number)
    {
        Assert.Equal(isNumber, Messages.With($"PID|{text}").Get("PID-1").TryGetInt32(out var value));
        if (isNumber)
        {
            Assert.Equal(number, value);
        }
    }

    [Fact]
    public void Asking_for_a_segment_by_a_wrong_index_is_a_mistake_of_the_caller()
    {
        var message = Messages.With();
        Assert.Throws<ArgumentOutOfRangeException>(() => message[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => message[-1]);
    }
}
