using System.Xml.Linq;

namespace FhirFacade.Layout.Tests;

/// <summary>The checkout as files: what git would ship, without build output.</summary>
internal static class RepositoryTree
{
    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(path => !Segments(path).Any(segment => segment is "bin" or "obj" or "node_modules" or "var"))
            .Order(StringComparer.Ordinal);

    public static IReadOnlyList<string> ProjectReferences(string projectFile) =>
        [.. XDocument.Load(projectFile).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!))
            .Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> PackageReferences(string projectFile) =>
        [.. XDocument.Load(projectFile).Descendants("PackageReference").Select(reference => (string)reference.Attribute("Include")!)];

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string[] Segments(string path) => Relative(path).Split('/');

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FhirFacade.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("FhirFacade.sln is in no folder above the test binaries.");
    }
}
