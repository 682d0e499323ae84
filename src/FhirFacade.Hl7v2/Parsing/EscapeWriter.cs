using System.Buffers;
using System.Globalization;
using System.Text;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>Writes text so that reading it as an HL7 text gives the same text again.</summary>
public static class EscapeWriter
{
    /// <summary>
    /// Writes a text with separators as <c>\F\</c> and its kin and control characters as <c>\Xhh\</c>. Characters that the encoding
    /// lacks become what that encoding puts in their place. A message without an escape character gets a blank for what would need one.
    /// </summary>
    public static void Write(IBufferWriter<byte> output, string text, Delimiters delimiters, Encoding encoding)
    {
        var rest = text.AsSpan();
        while (true)
        {
            var plain = 0;
            while (plain < rest.Length && Escape(rest[plain], delimiters) is null)
            {
                plain++;
            }

            encoding.GetBytes(rest[..plain], output);
            if (plain == rest.Length)
            {
                return;
            }

            if (delimiters.Escape == 0)
            {
                output.Write(" "u8);
            }
            else
            {
                output.Write([delimiters.Escape]);
                Encoding.ASCII.GetBytes(Escape(rest[plain], delimiters), output);
                output.Write([delimiters.Escape]);
            }

            rest = rest[(plain + 1)..];
        }
    }

    private static string? Escape(char c, Delimiters delimiters) =>
        c == 0 ? "X00"
        : c == delimiters.Field ? "F"
        : c == delimiters.Component ? "S"
        : c == delimiters.Subcomponent ? "T"
        : c == delimiters.Repetition ? "R"
        : c == delimiters.Escape ? "E"
        : c < 0x20 ? string.Create(CultureInfo.InvariantCulture, $"X{(int)c:X2}")
        : null;
}
