namespace FhirFacade.Hl7v2.Tests;

/// <summary>The public sample messages that lie beside the repository, or where FHIRFACADE_TEST_DATA says.</summary>
internal static class TestData
{
    public static string? Messages { get; } = Find();

    /// <summary>All sample files; skips the test where there are none.</summary>
    public static IReadOnlyList<string> MessageFiles()
    {
        Assert.SkipWhen(Messages is null, "The sample messages are not on this machine (FHIRFACADE_TEST_DATA).");
        return [.. Directory.EnumerateFiles(Messages!, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("FHIRFACADE_TEST_DATA") is { Length: > 0 } named)
        {
            return Existing(Path.Combine(named, "messages"));
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FhirFacade.sln")))
            {
                return Existing(Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data", "messages")));
            }
        }

        return null;
    }

    private static string? Existing(string path) => Directory.Exists(path) ? path : null;
}
