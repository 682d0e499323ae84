using System.Collections.Immutable;
using FhirFacade.Server.Configuration;
using FhirFacade.Translation.Profiles;

namespace FhirFacade.Server.Ingest;

/// <summary>The folder of feed profiles: its own files, not those of folders in it.</summary>
internal sealed class FeedFolder(string path)
{
    // More than any code map needs; what is longer is no profile.
    private const int MaxBytes = 64 << 20;

    private static readonly string[] Extensions = [".yaml", ".yml", ".csv", ".json"];

    public string Path { get; } = path;

    public static FeedFolder Of(ServerOptions options) => new(options.Feeds.Directory is { } set ? System.IO.Path.GetFullPath(set) : System.IO.Path.Combine(options.DataPath, "feeds"));

    /// <summary>Names, lengths and times of the files: it changes with each of them.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public string Signature() => string.Join('\n', Files().Select(f => FormattableString.Invariant($"{f.Name} {f.Length} {f.LastWriteTimeUtc.Ticks}")));

    /// <summary>All files; none if there is no folder.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public ImmutableArray<ProfileFile> Read() =>
        [.. Files().Select(file => new ProfileFile(file.Name, file.Length <= MaxBytes ? File.ReadAllBytes(file.FullName) : throw new IOException($"{file.Name} is longer than {MaxBytes} bytes")))];

    private IEnumerable<FileInfo> Files() => Directory.Exists(Path)
        ? new DirectoryInfo(Path).EnumerateFiles()
            .Where(static f => Extensions.Contains(f.Extension, StringComparer.OrdinalIgnoreCase) && f.Name[0] != '.')
            .OrderBy(static f => f.Name, StringComparer.Ordinal)
        : [];
}
