using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace FhirFacade.Translation.Segments;

/// <summary>Reads the tables of <c>conformance/v2-to-fhir</c> that are embedded in this assembly.</summary>
internal static class MapFiles
{
    private const string Root = "v2-to-fhir/";

    private static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim };

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
        using var csv = new CsvReader(new StreamReader(stream, Encoding.UTF8), Format);
        csv.Read();
        csv.ReadHeader();
        var header = csv.HeaderRecord!;
        var rows = new List<IReadOnlyDictionary<string, string?>>();
        while (csv.Read())
        {
            rows.Add(header.Select((name, i) => (name, value: csv.GetField(i))).ToDictionary(
                static c => c.name, static c => string.IsNullOrEmpty(c.value) ? null : c.value));
        }

        return rows;
    }
}
