using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Packages;

/// <summary>Reads a FHIR package for R4 into data.</summary>
public static class PackageLoader
{
    private const string Folder = "package/";
    private const string Release = "4.0";
    private static readonly ResourceLimits Limits = new(PackageLimits.Default.MaxEntryBytes, 128);

    /// <summary>
    /// The package of a .tgz. It is refused where it is no archive of a package, is made for another release of FHIR, or has
    /// a file that is broken; single resources that cannot be used are left out with an issue. Examples are not read. Never
    /// throws on content.
    /// </summary>
    public static PackageLoadResult Load(Stream stream, PackageLimits? limits = null)
    {
        var archive = PackageArchive.Read(stream, limits);
        return archive.Issues.IsEmpty ? Load(archive.Entries) : new(null, archive.Issues);
    }

    /// <summary>The package of files that have been read already.</summary>
    public static PackageLoadResult Load(ImmutableArray<PackageEntry> entries)
    {
        var issues = ImmutableArray.CreateBuilder<Issue>();
        if (entries.FirstOrDefault(entry => entry.Name == Folder + "package.json") is not { } manifest)
        {
            return Refuse(Issue.Error(IssueType.Required, "The package has no package/package.json."));
        }

        if (Manifest(manifest.Content, out var refused) is not { } package)
        {
            return Refuse(refused!);
        }

        var content = new PackageContent(issues);
        foreach (var entry in entries)
        {
            var name = entry.Name.AsSpan(Math.Min(Folder.Length, entry.Name.Length));
            if (entry.Name.StartsWith(Folder, StringComparison.Ordinal) && !name.Contains('/') && name[0] != '.' && name is not "package.json")
            {
                using var parsed = ResourceParser.Parse(entry.Content, Limits);
                if (parsed.Document is not null)
                {
                    content.Add(parsed.Document.RootElement);
                }
                else if (IsNoResource(entry.Content))
                {
                    issues.Add(new Issue(IssueSeverity.Warning, IssueType.Structure, $"The file {entry.Name} is no resource and is left out."));
                }
                else
                {
                    return Refuse(parsed.Issues[0] with { Diagnostics = $"The file {entry.Name} is broken: {parsed.Issues[0].Diagnostics}", Expression = null });
                }
            }
        }

        return new(content.ToPackage(package), issues.ToImmutable());
    }

    /// <summary>A package of resources that are at hand without an archive.</summary>
    public static PackageLoadResult Load(string name, string version, IEnumerable<JsonElement> resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        var issues = ImmutableArray.CreateBuilder<Issue>();
        var content = new PackageContent(issues);
        foreach (var resource in resources)
        {
            content.Add(resource);
        }

        return new(content.ToPackage(new Package(name, version)), issues.ToImmutable());
    }

    private static Package? Manifest(ReadOnlyMemory<byte> content, out Issue? refused)
    {
        refused = null;
        try
        {
            using var document = JsonDocument.Parse(content);
            if (!ResourceParser.IsText(content.Span))
            {
                refused = Issue.Error(IssueType.Structure, "The file package.json holds what is no text.", "package.json");
                return null;
            }

            var root = document.RootElement;
            if (root.Text("name") is not { Length: > 0 } name || root.Text("version") is not { Length: > 0 } version)
            {
                refused = Issue.Error(IssueType.Required, "The package has no name or no version.", "package.json");
                return null;
            }

            var releases = root.Texts("fhirVersions").Concat(root.Texts("fhir-version-list")).ToList();
            var core = root.Part("dependencies").Text("hl7.fhir.r4.core");
            if (releases.Count == 0 ? core is null : !releases.Exists(release => release == Release || release.StartsWith(Release + ".", StringComparison.Ordinal)))
            {
                refused = Issue.Error(IssueType.NotSupported, "The package is not made for FHIR R4 (4.0).", "package.json");
                return null;
            }

            return new Package(name, version)
            {
                Canonical = root.Text("canonical"),
                Dependencies = root.Part("dependencies") is { ValueKind: JsonValueKind.Object } dependencies
                    ? dependencies.EnumerateObject().Where(item => item.Value.ValueKind == JsonValueKind.String).DistinctBy(item => item.Name, StringComparer.Ordinal)
                        .ToImmutableSortedDictionary(item => item.Name, item => item.Value.GetString()!, StringComparer.Ordinal)
                    : ImmutableSortedDictionary<string, string>.Empty,
            };
        }
        catch (JsonException)
        {
            refused = Issue.Error(IssueType.Structure, "The file package.json is not JSON.", "package.json");
            return null;
        }
    }

    // Guides have JSON of other kinds beside their resources.
    private static bool IsNoResource(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return ResourceParser.IsText(content.Span) && document.RootElement.Text("resourceType") is null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static PackageLoadResult Refuse(Issue issue) => new(null, [issue]);
}
