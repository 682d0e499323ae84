namespace FhirFacade.Translation.Tests;

/// <summary>The public sample messages beside the repository; tests that need them are skipped where they are absent.</summary>
internal static class TestData
{
    /// <summary>The root of the checkout.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder with <c>messages</c> and <c>expected</c>.</summary>
    public static string Folder()
    {
        var root = Environment.GetEnvironmentVariable("FHIRFACADE_TEST_DATA") ?? Path.GetFullPath(Path.Combine(Root, "../shared/data"));
        Assert.SkipUnless(Directory.Exists(Path.Combine(root, "messages")), "No sample messages: ../shared/data is absent and FHIRFACADE_TEST_DATA is not set.");
        return root;
    }

    public static IReadOnlyList<string> MessageFiles()
    {
        var folder = Path.Combine(Folder(), "messages");
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".csv", StringComparison.Ordinal) && !f.EndsWith(".md", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The published guide; skips the test where it is not.</summary>
    public static string Guide() => Path.Combine(Folder(), "v2-to-fhir");

    /// <summary>Our own tables.</summary>
    public static string Tables() => Path.Combine(Root, "conformance", "v2-to-fhir");

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
