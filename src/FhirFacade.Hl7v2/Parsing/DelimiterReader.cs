using System.Collections.Immutable;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>
/// Reads MSH-1 and MSH-2. What is damaged is replaced by the recommended separator and reported; only a missing or
/// impossible field separator makes a message unreadable.
/// </summary>
internal static class DelimiterReader
{
    /// <summary>Reads the separators.</summary>
    /// <param name="header">The message from the M of MSH on.</param>
    /// <param name="delimiters">What to read the message with.</param>
    /// <param name="errors">Receives what is wrong.</param>
    /// <returns>False if there is no usable field separator.</returns>
    public static bool TryRead(ReadOnlySpan<byte> header, out Delimiters delimiters, ref ImmutableArray<Hl7Error>.Builder? errors)
    {
        delimiters = Delimiters.Default;
        if (header.Length < 4 || !CanSeparate(header[3]))
        {
            return false;
        }

        var field = header[3];
        var rest = header[4..];
        var end = rest.IndexOfAny(field, (byte)13, (byte)10);
        var encoding = end < 0 ? rest : rest[..end];
        if (encoding.SequenceEqual("^~\\&"u8))
        {
            delimiters = new Delimiters(field, (byte)'^', (byte)'~', (byte)'\\', (byte)'&');
            return true;
        }

        Report(Read(field, encoding, out delimiters), ref errors);
        return true;
    }

    private static string? Read(byte field, ReadOnlySpan<byte> encoding, out Delimiters delimiters)
    {
        string? fault = null;

        // A doubled escape character comes from a sender that printed a string literal.
        Span<byte> found = stackalloc byte[5];
        var count = 0;
        for (var i = 0; i < encoding.Length; i++)
        {
            if (count > 0 && encoding[i] == found[count - 1])
            {
                fault = "MSH-2 repeats a character.";
            }
            else if (count > 0 && encoding[i] >= 0x80 && found[count - 1] >= 0x80)
            {
                // The further bytes of one damaged character.
                fault = "MSH-2 holds a character that cannot separate.";
            }
            else if (count == found.Length)
            {
                fault = "MSH-2 is longer than five characters.";
                break;
            }
            else
            {
                found[count++] = encoding[i];
            }
        }

        Span<byte> chosen = stackalloc byte[5];
        var recommended = "^~\\&"u8;
        for (var i = 0; i < 5; i++)
        {
            if (i < count && CanSeparate(found[i]) && found[i] != field && !chosen[..i].Contains(found[i]))
            {
                chosen[i] = found[i];
            }
            else if (i < count || i < 4)
            {
                fault ??= i < count ? "MSH-2 holds a character that cannot separate." : "MSH-2 has fewer than four characters.";
                var taken = i == 4 || recommended[i] == field || chosen[..i].Contains(recommended[i]) || found[..count].Contains(recommended[i]);
                chosen[i] = taken ? (byte)0 : recommended[i];
            }
        }

        delimiters = new Delimiters(field, chosen[0], chosen[1], chosen[2], chosen[3], chosen[4]);
        return fault;
    }

    // Printable ASCII without letters, digits and the space: anything else occurs in names of segments or in text.
    private static bool CanSeparate(byte value) => value is > 0x20 and < 0x7F && !char.IsAsciiLetterOrDigit((char)value);

    private static void Report(string? fault, ref ImmutableArray<Hl7Error>.Builder? errors)
    {
        if (fault is not null)
        {
            errors ??= ImmutableArray.CreateBuilder<Hl7Error>();
            errors.Add(new Hl7Error(Table0357.DataType, Hl7Severity.Warning, "MSH-2", fault));
        }
    }
}
