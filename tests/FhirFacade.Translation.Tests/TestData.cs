namespace FhirFacade.Translation.Tests;

/// <summary>The public sample messages beside the repository; tests that need them are skipped where they are absent.</summary>
internal static class TestData
{
    /// <summary>The folder with <c>messages</c> and <c>expected</c>.</summary>
    public static string Folder()
    {
        var root = Environment.GetEnvironmentVariable("FHIRFACADE_TEST_DATA") ?? Beside();
        Assert.SkipUnless(root is not null && Directory.Exists(Path.Combine(root, "messages")), "No sample messages: ../shared/data is absent and FHIRFACADE_TEST_DATA is not set.");
        return root!;
    }

    public static IReadOnlyList<string> MessageFiles()
    {
        var folder = Path.Combine(Folder(), "messages");
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".csv", StringComparison.Ordinal) && !f.EndsWith(".md", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The published guide; skips the test where it is not.</summary>
    public static string Guide()
    {
        var folder = (Environment.GetEnvironmentVariable("FHIRFACADE_TEST_DATA") ?? Beside()) is { } root ? Path.Combine(root, "v2-to-fhir") : null;
        Assert.SkipUnless(folder is not null && Directory.Exists(folder), "The guide's tables are not here: ../shared/data is absent and FHIRFACADE_TEST_DATA is not set.");
        return folder!;
    }

    /// <summary>Our own tables.</summary>
    public static string Tables() => Path.Combine(Repository(), "conformance", "v2-to-fhir");

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FhirFacade.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("FhirFacade.sln is in no folder above the tests");
        }

        return folder.FullName;
    }

    private static string? Beside()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FhirFacade.sln")))
            {
                return Path.GetFullPath(Path.Combine(folder.FullName, "../shared/data"));
            }
        }

        return null;
    }
}
