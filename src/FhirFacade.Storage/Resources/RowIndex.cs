namespace FhirFacade.Storage.Resources;

/// <summary>The search columns of a row.</summary>
internal sealed record RowIndex(long RefHash, DateTime? DateLo, DateTime? DateHi, long[] Terms)
{
    public static RowIndex Empty { get; } = new(0, null, null, []);
}
