using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>TM -> time: <c>HH[MM[SS[.S[S[S[S]]]]]]</c>; FHIR's time has seconds and no offset.</summary>
internal static class TmToTime
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        var raw = value.Subcomponent(1).Raw;
        if (raw.IndexOfAny((byte)'+', (byte)'-') is var sign and > 0)
        {
            raw = raw[..sign];
        }

        Span<byte> whole = stackalloc byte[32];
        "19700101"u8.CopyTo(whole);
        if (raw.Length is < 2 or > 24 || !CopyAndRead(raw, whole, out var time))
        {
            scope.Warn(Table0357.DataType, value.Location, "a time of the form HH[MM[SS[.S[S[S[S]]]]]]");
            return default;
        }

        return time.ToDateTime(new TimeDefaults(TimeSpan.Zero, TimeZoneInfo.Utc))[11..^1];
    }

    private static bool CopyAndRead(ReadOnlySpan<byte> raw, Span<byte> whole, out Dtm time)
    {
        raw.CopyTo(whole[8..]);
        return Dtm.TryRead(whole[..(8 + raw.Length)], out time);
    }
}
