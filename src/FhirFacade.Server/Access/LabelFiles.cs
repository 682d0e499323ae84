using System.Text.Json;
using FhirFacade.Fhir.Sensitivity;

namespace FhirFacade.Server.Access;

/// <summary>The value sets of <c>Access:SensitiveValueSets</c>: files, and all <c>*.json</c> of directories, read again when they have changed.</summary>
internal sealed class LabelFiles
{
    private readonly IReadOnlyList<string> paths;
    private string read;

    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="JsonException">A file is no JSON.</exception>
    /// <exception cref="FormatException">A value set cannot be used; the message says why.</exception>
    public LabelFiles(IReadOnlyList<string> paths)
    {
        this.paths = paths;
        read = State();
        Rules = Read();
    }

    /// <summary>The categories that are built in, and those of the files.</summary>
    public SensitivityRules Rules { get; private set; }

    /// <summary>Looks whether a file has changed, come or gone.</summary>
    /// <returns>Whether there are other rules now; or why what is there cannot be used, told once.</returns>
    public (bool HasChanged, string? Problem) Refresh()
    {
        try
        {
            var now = State();
            if (now == read)
            {
                return (false, null);
            }
            read = now;
            var before = Rules.Fingerprint;
            Rules = Read();
            return (Rules.Fingerprint != before, null);
        }
        catch (Exception e) when (IsUnusable(e))
        {
            return (false, e.Message);
        }
    }

    /// <summary>Whether it is the files that are wrong.</summary>
    public static bool IsUnusable(Exception e) => e is IOException or UnauthorizedAccessException or JsonException or FormatException or ArgumentException or NotSupportedException;

    private IEnumerable<string> Files() => paths.SelectMany<string, string>(path => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.json").Order(StringComparer.Ordinal) : [path]);

    private string State() => string.Join('\n', Files().Select(file => new FileInfo(file)).Select(file => file.Exists ? $"{file.FullName} {file.LastWriteTimeUtc.Ticks} {file.Length}" : file.FullName));

    private SensitivityRules Read()
    {
        var files = Files().ToList();
        return files.Count == 0 ? SensitivityRules.BuiltIn : SensitivityRules.BuiltIn.With([.. files.Select(file => JsonElement.Parse(File.ReadAllBytes(file)))]);
    }
}
