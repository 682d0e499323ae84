using System.Diagnostics;

namespace FhirFacade.TestSupport;

/// <summary>Synthetic patients as transaction Bundles, from the public data beside the checkout.</summary>
public static class SyntheaFiles
{
    /// <summary>Hospitals first, then practitioners, then patients: each refers to those before. Empty where the data is not there.</summary>
    public static IReadOnlyList<string> Paths { get; } =
        RepositoryFiles.TestData is { } data && Path.Combine(data, "fhir", "synthea") is var folder && Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*.json.bz2").OrderBy(file => file.Contains("hospital", StringComparison.Ordinal) ? 0 : file.Contains("practitioner", StringComparison.Ordinal) ? 1 : 2).ThenBy(file => file, StringComparer.Ordinal)]
            : [];

    /// <summary>The Bundle in a file, by the program <c>bzip2</c>: the platform reads none.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program is not installed.</exception>
    public static async Task<byte[]> ReadAsync(string path)
    {
        using var process = Process.Start(new ProcessStartInfo("bzip2", ["-dc", path]) { RedirectStandardOutput = true })!;
        using var content = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(content);
        await process.WaitForExitAsync();
        return content.ToArray();
    }
}
