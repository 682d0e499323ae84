namespace FhirFacade.Storage.Search.Index;

/// <summary>Instants as numbers: microseconds since 1970, the resolution of the database.</summary>
public static class DateScale
{
    /// <summary>The first and last instants of .NET stand for an open start and an open end.</summary>
    public static double Of(DateTimeOffset instant)
    {
        return instant == DateTimeOffset.MinValue ? double.NegativeInfinity
            : instant == DateTimeOffset.MaxValue ? double.PositiveInfinity
            : (instant.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
    }
}
