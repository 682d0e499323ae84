namespace FhirFacade.Fhir.Packages;

/// <summary>How much of a package is read before it is refused.</summary>
/// <param name="MaxBytes">Greatest length unpacked, in bytes.</param>
/// <param name="MaxEntries">Greatest number of entries.</param>
/// <param name="MaxEntryBytes">Greatest length of one entry, in bytes.</param>
/// <param name="MaxRatio">How many times longer than packed the content may be, once it is longer than 1 MiB.</param>
public sealed record PackageLimits(int MaxBytes, int MaxEntries, int MaxEntryBytes, int MaxRatio)
{
    /// <summary>256 MiB in 20,000 entries of at most 32 MiB, at most 100 times the packed length.</summary>
    public static PackageLimits Default { get; } = new(256 << 20, 20_000, 32 << 20, 100);
}
