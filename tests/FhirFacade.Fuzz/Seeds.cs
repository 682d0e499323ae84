using System.Text;
using FhirFacade.Fhir.Tests.Validation;

namespace FhirFacade.Fuzz;

/// <summary>What the inputs are made from: our own samples, and public examples where they are at hand.</summary>
internal static class Seeds
{
    private const int Largest = 48 << 10;

    /// <summary>Resources as JSON.</summary>
    public static IReadOnlyList<byte[]> Resources { get; } = [.. ValidResources.ByName.Values.Select(Encoding.UTF8.GetBytes), .. Examples()];

    /// <summary>The folder of public test data; null where it is not there.</summary>
    private static string? Data => new[] { Environment.GetEnvironmentVariable("FHIRFACADE_TEST_DATA"), Path.Combine("..", "shared", "data") }
        .FirstOrDefault(folder => folder is { Length: > 0 } && Directory.Exists(folder));

    private static IEnumerable<byte[]> Examples()
    {
        var folder = Data is null ? null : Path.Combine(Data, "fhir", "r4-examples");
        return Directory.Exists(folder)
            ? Directory.GetFiles(folder, "*.json").Where(file => new FileInfo(file).Length < Largest).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
            : [];
    }
}
