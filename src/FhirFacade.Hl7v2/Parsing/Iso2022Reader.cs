using System.Buffers;
using System.Text;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>Decodes text that switches character sets by ISO 2022 designations, run by run.</summary>
internal static class Iso2022Reader
{
    // EUC carries the 94x94 sets in bytes above 0x80.
    private const int EucJp = 20932;
    private const int ShiftJis = 932;
    private const int EucKr = 51949;
    private const int Gb2312 = 936;

    public static string Decode(ReadOnlySpan<byte> bytes, Charset charset)
    {
        var text = new StringBuilder(bytes.Length);
        Iso2022Designation? low = null, high = null;
        while (!bytes.IsEmpty)
        {
            if (Iso2022Designation.TryRead(bytes, 0, out var designation))
            {
                if (designation.SetsLow)
                {
                    low = designation;
                }
                else
                {
                    high = designation;
                }

                bytes = bytes[designation.Length..];
                continue;
            }

            // A run: up to the next ESC, all below or all above 0x80.
            var isHigh = bytes[0] >= 0x80;
            var length = 1;
            while (length < bytes.Length && bytes[length] != 0x1B && (bytes[length] >= 0x80) == isHigh)
            {
                length++;
            }

            text.Append(DecodeRun(bytes[..length], isHigh ? high : low, charset));
            bytes = bytes[length..];
        }

        return text.ToString();
    }

    private static string DecodeRun(ReadOnlySpan<byte> run, Iso2022Designation? set, Charset charset) => set switch
    {
        // Nothing designated: the set that the message declares first, whose own switches are handled here.
        null => (CharsetNames.ShapeOf(charset.Encoding) == CharsetShape.Iso2022 ? Encoding.Latin1 : charset.Encoding).GetString(run),
        { IsMultiByte: true, Final: (byte)'@' or (byte)'B' } => Shifted(run, EucJp, 0x80, 0x80),
        { IsMultiByte: true, Final: (byte)'D' } => Shifted(run, EucJp, 0x80, 0x00),
        { IsMultiByte: true, Final: (byte)'C' } => Shifted(run, EucKr, 0x80, 0x80),
        { IsMultiByte: true, Final: (byte)'A' } => Shifted(run, Gb2312, 0x80, 0x80),
        { IsMultiByte: false, Final: (byte)'I' } => Shifted(run, ShiftJis, 0x80, 0x80),
        { SetsLow: false, Final: (byte)'A' } => Encoding.Latin1.GetString(run),
        { SetsLow: false, Final: (byte)'B' } => Shifted(run, 28592, 0x80, 0x80),
        { SetsLow: false, Final: (byte)'C' } => Shifted(run, 28593, 0x80, 0x80),
        { SetsLow: false, Final: (byte)'D' } => Shifted(run, 28594, 0x80, 0x80),
        { SetsLow: false, Final: (byte)'F' } => Shifted(run, 28597, 0x80, 0x80),
        { SetsLow: false, Final: (byte)'G' } => Shifted(run, 28596, 0x80, 0x80),
        { SetsLow: false, Final: (byte)'H' } => Shifted(run, 28598, 0x80, 0x80),
        { SetsLow: false, Final: (byte)'L' } => Shifted(run, 28595, 0x80, 0x80),
        { SetsLow: false, Final: (byte)'M' } => Shifted(run, 28599, 0x80, 0x80),
        { SetsLow: true } => Encoding.Latin1.GetString(run),
        _ => charset.Encoding.GetString(run),
    };

    // The run with its first and second bytes moved to where the code page has them. Line breaks and blanks are in every set.
    private static string Shifted(ReadOnlySpan<byte> run, int codePage, byte firstBit, byte secondBit)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(run.Length);
        var isSecond = false;
        for (var i = 0; i < run.Length; i++)
        {
            var value = run[i] & 0x7F;
            var isControl = value <= 0x20;
            bytes[i] = (byte)(isControl ? value : value | (isSecond ? secondBit : firstBit));
            isSecond = !isControl && !isSecond;
        }

        var text = CodePagesEncodingProvider.Instance.GetEncoding(codePage)!.GetString(bytes, 0, run.Length);
        ArrayPool<byte>.Shared.Return(bytes);
        return text;
    }
}
