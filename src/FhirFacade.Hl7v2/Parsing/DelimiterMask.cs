namespace FhirFacade.Hl7v2.Parsing;

/// <summary>
/// For character sets in which a character may contain a byte that looks like a delimiter (the second byte of a Shift-JIS pair, any
/// byte of ISO-2022 kanji): a copy of the message in which the bytes of such characters are blanked, so that delimiters are searched in
/// the copy and sliced in the original.
/// </summary>
internal static class DelimiterMask
{
    private const byte Blank = 0xFF;
    private const byte Escape = 0x1B;

    /// <summary>Makes the copy. False if the message holds no such character, so that the original will do.</summary>
    public static bool TryMask(ReadOnlySpan<byte> bytes, int start, Charset charset, Delimiters delimiters, out byte[] masked)
    {
        masked = [];
        var needed = charset.Switches
            ? bytes.Contains(Escape) || bytes.IndexOf([delimiters.Escape, (byte)'M']) >= 0
            : bytes.ContainsAnyInRange((byte)0x80, (byte)0xFF);
        if (!needed)
        {
            return false;
        }

        masked = bytes.ToArray();
        if (charset.Shape == CharsetShape.Iso2022 || charset.Switches)
        {
            MaskSwitched(masked.AsSpan(start), delimiters.Escape);
        }

        if (charset.Shape is CharsetShape.ShiftJis or CharsetShape.LeadByte)
        {
            MaskPairs(masked.AsSpan(start), charset.Shape);
        }

        return true;
    }

    // A line break always ends a multi-byte run: that keeps a forgotten designation from swallowing the rest of the message.
    private static void MaskSwitched(Span<byte> bytes, byte escape)
    {
        var multi = false;
        for (var i = 0; i < bytes.Length;)
        {
            if (bytes[i] is (byte)'\r' or (byte)'\n')
            {
                multi = false;
                i++;
            }
            else if (Iso2022Designation.TryRead(bytes[i..], escape, out var designation))
            {
                multi = designation.SetsLow ? designation.IsMultiByte : multi;
                bytes.Slice(i, designation.Length).Fill(Blank);
                if (designation.IsHl7Escape)
                {
                    // Still an escape sequence to those who look for one.
                    bytes[i] = escape;
                    bytes[i + designation.Length - 1] = escape;
                }

                i += designation.Length;
            }
            else
            {
                if (multi)
                {
                    bytes[i] = Blank;
                }

                i++;
            }
        }
    }

    private static void MaskPairs(Span<byte> bytes, CharsetShape shape)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var lead = bytes[i];
            var isLead = shape == CharsetShape.ShiftJis ? lead is (>= 0x81 and <= 0x9F) or (>= 0xE0 and <= 0xFC) : lead is >= 0x81 and <= 0xFE;

            // A trail byte is never below 0x30: a lead byte before a line break is damage and takes nothing with it.
            if (isLead && i + 1 < bytes.Length && bytes[i + 1] >= 0x30)
            {
                bytes[i] = Blank;
                bytes[++i] = Blank;
            }
        }
    }
}
