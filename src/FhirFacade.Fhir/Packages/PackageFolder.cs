using System.Collections.Immutable;
using System.Text.RegularExpressions;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Packages;

/// <summary>The packages that a site has installed: one file each (<c>name#version.tgz</c>) in a folder.</summary>
public static partial class PackageFolder
{
    /// <summary>
    /// Takes a package into the folder, once it has been read without being refused; another version of it is replaced. The
    /// folder is made if it is not there. A file appears whole or not at all.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static PackageLoadResult Install(string folder, ReadOnlyMemory<byte> tgz, PackageLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using var stream = new MemoryStream(tgz.ToArray(), writable: false);
        var loaded = PackageLoader.Load(stream, limits);
        if (loaded.Package is not { } package)
        {
            return loaded;
        }

        if (!PlainName().IsMatch(package.Name) || !PlainName().IsMatch(package.Version))
        {
            return new(null, [Issue.Error(IssueType.Value, "The name and version of a package are letters, digits, dots and hyphens.", "package.json")]);
        }

        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{package.Name}#{package.Version}.tgz");
        var temporary = Path.Combine(folder, Path.GetRandomFileName());
        File.WriteAllBytes(temporary, tgz.Span);
        File.Move(temporary, file, overwrite: true);
        foreach (var other in Directory.GetFiles(folder, package.Name + "#*.tgz").Where(other => Path.GetFileName(other) != Path.GetFileName(file)))
        {
            File.Delete(other);
        }

        return loaded;
    }

    /// <summary>Reads all packages of the folder, by name; none where there is no folder. One that can no longer be read is an issue.</summary>
    public static ImmutableArray<PackageLoadResult> Load(string folder, PackageLimits? limits = null)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        return
        [
            .. Directory.GetFiles(folder, "*.tgz").Order(StringComparer.Ordinal).Select(file =>
            {
                using var stream = File.OpenRead(file);
                return PackageLoader.Load(stream, limits);
            }),
        ];
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$", RegexOptions.NonBacktracking)]
    private static partial Regex PlainName();
}
