namespace FhirFacade.Hl7v2.Parsing;

/// <summary>The separators of one message, MSH-1 and MSH-2, as bytes. Zero means that the message has no such separator.</summary>
/// <param name="Field">MSH-1, usually <c>|</c>.</param>
/// <param name="Component">First character of MSH-2, usually <c>^</c>.</param>
/// <param name="Repetition">Second character of MSH-2, usually <c>~</c>.</param>
/// <param name="Escape">Third character of MSH-2, usually <c>\</c>.</param>
/// <param name="Subcomponent">Fourth character of MSH-2, usually <c>&amp;</c>.</param>
/// <param name="Truncation">Fifth character of MSH-2 (from version 2.7), usually <c>#</c>; zero if absent.</param>
public readonly record struct Delimiters(byte Field, byte Component, byte Repetition, byte Escape, byte Subcomponent, byte Truncation = 0)
{
    /// <summary>The separators that the standard recommends (chapter 2, message delimiters).</summary>
    public static Delimiters Default { get; } = new((byte)'|', (byte)'^', (byte)'~', (byte)'\\', (byte)'&');

    /// <summary>True if the byte separates anything in this message.</summary>
    public bool Separates(byte value) =>
        value != 0 && (value == Field || value == Component || value == Repetition || value == Subcomponent);
}
