using System.Security.Cryptography;
using CsvHelper;

namespace FhirFacade.Translation.Segments;

/// <summary>Reads the tables of <c>conformance/v2-to-fhir</c> that are embedded in this assembly.</summary>
internal static class MapFiles
{
    private const string Root = "v2-to-fhir/";

    private static readonly CsvReaderOptions Format = new() { Separator = ',', HasHeader = true, TrimWhitespace = true };

    private static readonly Lazy<ReadOnlyMemory<byte>> Hashed = new(static () => Digest());

    /// <summary>SHA-256 of all tables.</summary>
    public static ReadOnlyMemory<byte> Hash => Hashed.Value;

    /// <summary>Names under a folder, without folder and extension, in ordinal order.</summary>
    public static IEnumerable<string> Names(string folder) =>
        typeof(MapFiles).Assembly.GetManifestResourceNames()
            .Select(static n => n.Replace('\\', '/'))
            .Where(n => n.StartsWith($"{Root}{folder}/", StringComparison.Ordinal))
            .Select(static n => Path.GetFileNameWithoutExtension(n))
            .Order(StringComparer.Ordinal);

    /// <summary>The rows of one table by column name; an empty cell is null.</summary>
    /// <exception cref="InvalidMapException">There is no such table.</exception>
    public static List<IReadOnlyDictionary<string, string?>> Read(string path)
    {
        using var stream = typeof(MapFiles).Assembly.GetManifestResourceStream(Root + path)
            ?? throw new InvalidMapException($"{path}: no such table");
        using var csv = CsvReader.Create(stream, Format, leaveOpen: true);
        var rows = new List<IReadOnlyDictionary<string, string?>>();
        while (csv.Read())
        {
            var row = new Dictionary<string, string?>(StringComparer.Ordinal);
            for (var i = 0; i < csv.Headers.Count; i++)
            {
                row[csv.Headers[i]] = csv.GetString(i) is { Length: > 0 } cell ? cell : null;
            }

            rows.Add(row);
        }

        return rows;
    }

    private static byte[] Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var assembly = typeof(MapFiles).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            hash.AppendData(SHA256.HashData(stream));
        }

        return hash.GetHashAndReset();
    }
}
