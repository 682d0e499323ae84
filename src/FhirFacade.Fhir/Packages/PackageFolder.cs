using System.Collections.Immutable;
using System.Text.RegularExpressions;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Packages;

/// <summary>A package in the folder, by the name of its file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="File">The path of its file.</param>
public sealed record InstalledPackage(string Name, string Version, string File)
{
    /// <summary>Reads it. One that can no longer be read is an issue.</summary>
    public PackageLoadResult Load(PackageLimits? limits = null)
    {
        using var stream = System.IO.File.OpenRead(File);
        return PackageLoader.Load(stream, limits);
    }
}

/// <summary>The packages that a site has installed: one file each (<c>name#version.tgz</c>) in a folder.</summary>
public static partial class PackageFolder
{
    private const string Ending = ".tgz";

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
        var file = Path.Combine(folder, $"{package.Name}#{package.Version}{Ending}");
        var temporary = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            File.WriteAllBytes(temporary, tgz.Span);
            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        Delete(List(folder).Where(other => other.Name == package.Name && other.Version != package.Version));
        return loaded;
    }

    /// <summary>The packages of the folder, by name; none where there is no folder. Other files are passed over.</summary>
    public static ImmutableArray<InstalledPackage> List(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. Directory.GetFiles(folder, "*#*" + Ending).Order(StringComparer.Ordinal).Select(file =>
        {
            var parts = Path.GetFileName(file)[..^Ending.Length].Split('#', 2);
            return new InstalledPackage(parts[0], parts[1], file);
        }),
    ];

    /// <summary>Takes a package out of the folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The package's name.</param>
    /// <param name="version">Only this version of it; null for whichever is there.</param>
    /// <returns>What has been taken out; empty where it was not there.</returns>
    /// <exception cref="IOException">The file cannot be deleted.</exception>
    public static ImmutableArray<InstalledPackage> Remove(string folder, string name, string? version = null) =>
        Delete(List(folder).Where(package => package.Name == name && (version is null || package.Version == version)));

    /// <summary>Reads all packages of the folder, by name; none where there is no folder. One that can no longer be read is an issue.</summary>
    public static ImmutableArray<PackageLoadResult> Load(string folder, PackageLimits? limits = null) => [.. List(folder).Select(package => package.Load(limits))];

    private static ImmutableArray<InstalledPackage> Delete(IEnumerable<InstalledPackage> packages)
    {
        ImmutableArray<InstalledPackage> deleted = [.. packages];
        foreach (var package in deleted)
        {
            File.Delete(package.File);
        }

        return deleted;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$", RegexOptions.NonBacktracking)]
    private static partial Regex PlainName();
}
