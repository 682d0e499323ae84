namespace FhirFacade.TestSupport;

/// <summary>Where the checkout and the test data beside it are.</summary>
public static class RepositoryFiles
{
    private static readonly Lazy<string> Found = new(FindRoot);

    /// <summary>The root of the checkout.</summary>
    public static string Root => Found.Value;

    /// <summary>
    /// The data that tests use where it is present: <c>FHIRFACADE_TEST_DATA</c>, or <c>../shared/data</c> beside the checkout.
    /// Null if it is absent: skip, saying so.
    /// </summary>
    public static string? TestData
    {
        get
        {
            var set = Environment.GetEnvironmentVariable("FHIRFACADE_TEST_DATA");
            var directory = string.IsNullOrEmpty(set) ? Path.GetFullPath(Path.Combine(Root, "..", "shared", "data")) : set;
            return Directory.Exists(directory) ? directory : null;
        }
    }

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
