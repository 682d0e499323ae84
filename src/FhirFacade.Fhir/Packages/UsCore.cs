using System.Collections.Concurrent;

namespace FhirFacade.Fhir.Packages;

/// <summary>US Core, as built in.</summary>
public static class UsCore
{
    private static readonly ConcurrentDictionary<string, Package> Loaded = new(StringComparer.Ordinal);

    /// <summary>The versions that are built in, oldest first.</summary>
    public static IReadOnlyList<string> Versions { get; } = ["3.1.1", "6.1.0", "7.0.0"];

    /// <summary>The package of a version, read on first use.</summary>
    /// <exception cref="ArgumentException">The version is none of <see cref="Versions"/>.</exception>
    public static Package Load(string version) => Versions.Contains(version)
        ? Loaded.GetOrAdd(version, static version => PackageFile.Read("us-core/" + version))
        : throw new ArgumentException($"US Core {version} is not built in.", nameof(version));
}
