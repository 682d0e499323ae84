using System.Collections.Immutable;
using System.Formats.Tar;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Packages;

/// <summary>A file of a package.</summary>
/// <param name="Name">Its path in the archive, such as <c>package/package.json</c>.</param>
/// <param name="Content">Its bytes.</param>
public sealed record PackageEntry(string Name, ReadOnlyMemory<byte> Content);

/// <summary>The files of a package, or the issues that say why it was refused.</summary>
/// <param name="Entries">The JSON files; empty where there are issues.</param>
/// <param name="Issues">Empty where all is well.</param>
public sealed record PackageArchiveResult(ImmutableArray<PackageEntry> Entries, ImmutableArray<Issue> Issues);

/// <summary>Unpacks a FHIR package (.tgz: https://hl7.org/fhir/packages.html) in memory; nothing is written to disk.</summary>
public static class PackageArchive
{
    /// <summary>
    /// The JSON files of the package. An archive is refused as a whole where it is longer than the limits, is not a gzipped
    /// tar, or has an entry that is a link or a device or whose name leads out of the archive. Never throws on content.
    /// </summary>
    public static PackageArchiveResult Read(Stream stream, PackageLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= PackageLimits.Default;
        try
        {
            if (Unpacking.Unpack(stream, limits, out var refused) is not { } tar)
            {
                return Refuse(refused!);
            }

            return TarHeaders.Check(tar.GetBuffer().AsSpan(0, (int)tar.Length), limits) is { } issue ? Refuse(issue) : Entries(tar, limits);
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException or EndOfStreamException or ArgumentException or OverflowException or NotSupportedException)
        {
            return Refuse(Issue.Error(IssueType.Structure, "The package is not a gzipped tar archive."));
        }
    }

    private static PackageArchiveResult Entries(MemoryStream tar, PackageLimits limits)
    {
        var entries = ImmutableArray.CreateBuilder<PackageEntry>();
        using var reader = new TarReader(tar);
        for (var number = 1; reader.GetNextEntry() is { } entry; number++)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes))
            {
                return Refuse(number, "is neither a file nor a folder; links and devices are refused.");
            }

            if (!EntryName.IsSafe(entry.Name))
            {
                return Refuse(number, "has a name that leads out of the archive.");
            }

            if (entry.Length > limits.MaxEntryBytes)
            {
                return Refuse(number, $"is longer than {limits.MaxEntryBytes} bytes.", IssueType.TooLong);
            }

            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && entry.Name.EndsWith(".json", StringComparison.Ordinal))
            {
                // An empty file has no stream.
                var content = new byte[entry.Length];
                entry.DataStream?.ReadExactly(content);
                entries.Add(new PackageEntry(entry.Name, content));
            }
        }

        return new(entries.DrainToImmutable(), []);
    }

    private static PackageArchiveResult Refuse(int number, string rule, string code = IssueType.Structure) =>
        Refuse(Issue.Error(code, $"Entry {number} of the package {rule}"));

    private static PackageArchiveResult Refuse(Issue issue) => new([], [issue]);
}
