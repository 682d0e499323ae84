using FhirFacade.Hl7v2.Parsing;
using FsCheck;
using FsCheck.Fluent;

namespace FhirFacade.Hl7v2.Tests.Parsing;

public class CoordinateTests
{
    public static TheoryData<string, Coordinate> Valid => new()
    {
        { "PID", new Coordinate("PID") },
        { "OBX(3)", new Coordinate("OBX", 3) },
        { "PID-3", new Coordinate("PID", 0, 3) },
        { "PID-3(2)", new Coordinate("PID", 0, 3, 2) },
        { "PID-3(2).4.1", new Coordinate("PID", 0, 3, 2, 4, 1) },
        { "OBX(12)-5.1", new Coordinate("OBX", 12, 5, 0, 1) },
        { "ZZ9-100", new Coordinate("ZZ9", 0, 100) },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_coordinate_is_read_and_written(string text, Coordinate coordinate)
    {
        Assert.True(Coordinate.TryParse(text, out var read));
        Assert.Equal(coordinate, read);
        Assert.Equal(text, read.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("PI")]
    [InlineData("pid-3")]
    [InlineData("1ID-3")]
    [InlineData("PID-")]
    [InlineData("PID-0")]
    [InlineData("PID-3.")]
    [InlineData("PID-3.0")]
    [InlineData("PID-3()")]
    [InlineData("PID-3(2")]
    [InlineData("PID-3(0)")]
    [InlineData("PID-3.1.1.1")]
    [InlineData("PID-3.1(2)")]
    [InlineData("PID.3")]
    [InlineData("PID3")]
    [InlineData("PID-3 ")]
    [InlineData("PID-99999999999")]
    [InlineData("byte 17")]
    [InlineData("segment 3")]
    public void What_is_no_coordinate_is_not_read(string text) => Assert.False(Coordinate.TryParse(text, out _));

    [Fact]
    public void A_mistyped_coordinate_throws_since_code_wrote_it()
    {
        Assert.Throws<FormatException>(() => Messages.With().Get("PID3"));
        Assert.Throws<FormatException>(() => Messages.With().Get("PID"));
    }

    [Fact]
    public void Every_coordinate_survives_writing_and_reading()
    {
        var number = Gen.Choose(2, 9999);
        var coordinates =
            from ordinal in number
            from field in number
            from repetition in number
            from component in Gen.Choose(0, 99)
            from subcomponent in Gen.Choose(0, 99)
            select new Coordinate("OBX", ordinal, field, repetition, component, component == 0 ? 0 : subcomponent);
        Property.Holds(coordinates, static c => Assert.Equal(c, Coordinate.Parse(c.ToString())));
    }

    [Fact]
    public void No_text_makes_the_reader_throw() =>
        Property.Holds(
            Gen.Elements("PID", "-", "(", ")", ".", "1", "22", "x", "0").ListOf().Select(static p => string.Concat(p)),
            static text => Assert.True(Coordinate.TryParse(text, out var read) || read == default));
}
