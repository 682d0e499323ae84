using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Packages;

/// <summary>
/// A look at the headers of a tar before its reader sees it: the reader believes the lengths of extended headers and sets
/// memory aside for them (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06).
/// </summary>
internal static class TarHeaders
{
    private const int Block = 512;
    private const int SizeOffset = 124;
    private const int TypeOffset = 156;
    private const int MaxExtendedHeader = 64 << 10;

    /// <summary>What is wrong with them, or null.</summary>
    public static Issue? Check(ReadOnlySpan<byte> tar, PackageLimits limits)
    {
        var entries = 0;
        for (long at = 0; at + Block <= tar.Length && tar[(int)at] != 0;)
        {
            var header = tar.Slice((int)at, Block);
            if (++entries > limits.MaxEntries)
            {
                return Issue.Error(IssueType.TooLong, $"The package has more than {limits.MaxEntries} entries.");
            }

            if (Size(header.Slice(SizeOffset, 12)) is not { } size || size > tar.Length - at - Block)
            {
                return Issue.Error(IssueType.Structure, $"Entry {entries} of the package is longer than the package.");
            }

            if (header[TypeOffset] is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K' && size > MaxExtendedHeader)
            {
                return Issue.Error(IssueType.TooLong, $"Entry {entries} of the package has a header longer than {MaxExtendedHeader} bytes.");
            }

            at += Block + ((size + Block - 1) / Block * Block);
        }

        return entries == 0 ? Issue.Error(IssueType.Structure, "The package has no entries.") : null;
    }

    // Octal digits; the binary form is for lengths that no package has.
    private static long? Size(ReadOnlySpan<byte> field)
    {
        var size = 0L;
        foreach (var digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return null;
            }

            size = (size * 8) + digit - '0';
        }

        return size;
    }
}
