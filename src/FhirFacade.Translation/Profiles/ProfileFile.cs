using System.Security.Cryptography;

namespace FhirFacade.Translation.Profiles;

/// <summary>A file of the folder of feed profiles, read.</summary>
/// <param name="Name">Its name within the folder.</param>
/// <param name="Content">Its bytes.</param>
public sealed record ProfileFile(string Name, ReadOnlyMemory<byte> Content)
{
    /// <summary>SHA-256 of the content.</summary>
    public byte[] Hash { get; } = SHA256.HashData(Content.Span);

    internal bool IsYaml => Name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || Name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);

    /// <summary>A CSV file whose first column is <c>do</c> is a profile; any other holds codes that a profile names.</summary>
    internal bool IsCsvProfile => Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && Content.Span.TrimStart("\uFEFF"u8).StartsWith("do,"u8);
}
