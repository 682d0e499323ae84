namespace FhirFacade.Hl7v2.Parsing;

/// <summary>A character set that an ISO 2022 designation or HL7's <c>\C..\</c> and <c>\M..\</c> switches to.</summary>
/// <param name="Length">Bytes that the designation takes.</param>
/// <param name="SetsLow">True if it sets what bytes below 0x80 mean (G0), false for those above (G1).</param>
/// <param name="IsMultiByte">True if the set has two bytes a character.</param>
/// <param name="Final">The final byte, which names the set among those of its kind.</param>
/// <param name="IsHl7Escape">True if written as an HL7 escape sequence.</param>
internal readonly record struct Iso2022Designation(int Length, bool SetsLow, bool IsMultiByte, byte Final, bool IsHl7Escape)
{
    private const byte Escape = 0x1B;

    /// <summary>Reads a designation at the start of the bytes. False if there is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, byte hl7Escape, out Iso2022Designation designation)
    {
        designation = default;
        if (bytes.Length >= 3 && bytes[0] == Escape)
        {
            return TryReadSequence(bytes[1..], 1, false, out designation);
        }

        if (hl7Escape == 0 || bytes.Length < 6 || bytes[0] != hl7Escape || bytes[1] is not ((byte)'C' or (byte)'M'))
        {
            return false;
        }

        // \Cxxyy\ and \Mxxyy\ or \Mxxyyzz\: the sequence in hexadecimal, without its ESC.
        var end = bytes[1..Math.Min(bytes.Length, 10)].IndexOf(hl7Escape) + 1;
        Span<byte> sequence = stackalloc byte[4];
        return end is 6 or 8
            && Convert.FromHexString(bytes[2..end], sequence, out _, out var length) == System.Buffers.OperationStatus.Done
            && TryReadSequence(sequence[..length], 0, true, out designation)
            && (designation = designation with { Length = end + 1 }).Length > 0;
    }

    private static bool TryReadSequence(ReadOnlySpan<byte> sequence, int before, bool isHl7, out Iso2022Designation designation)
    {
        designation = default;
        if (sequence.Length < 2)
        {
            return false;
        }

        var multi = sequence[0] == (byte)'$';
        var at = multi ? 1 : 0;

        // ( and ) designate the low and the high half, - the high half of 96 characters; $ alone is the old form of $(.
        var low = sequence[at] == (byte)'(';
        var high = sequence[at] is (byte)')' or (byte)'-';
        if (low || high)
        {
            at++;
        }
        else if (!multi)
        {
            return false;
        }

        if (at >= sequence.Length || sequence[at] is < 0x40 or > 0x7E)
        {
            return false;
        }

        designation = new Iso2022Designation(before + at + 1, !high, multi, sequence[at], isHl7);
        return true;
    }
}
