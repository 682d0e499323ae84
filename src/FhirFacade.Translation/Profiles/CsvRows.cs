using CsvHelper;

namespace FhirFacade.Translation.Profiles;

/// <summary>Reads a site's CSV file with a header; cells without content are left out.</summary>
internal static class CsvRows
{
    private static readonly CsvReaderOptions Format = new()
    {
        Separator = ',', HasHeader = true, TrimWhitespace = true, SkipEmptyLines = true, TrackLineNumbers = true, IncludeValuesInExceptions = false,
    };

    /// <param name="file">The file.</param>
    /// <param name="columns">Those that there may be.</param>
    /// <exception cref="InvalidProfileException">It cannot be read, or has other columns.</exception>
    public static List<(IReadOnlyDictionary<string, string> Cells, int Line)> Read(ProfileFile file, IReadOnlyCollection<string> columns)
    {
        var rows = new List<(IReadOnlyDictionary<string, string>, int)>();
        using var csv = CsvReader.Create(file.Content, Format);
        try
        {
            while (csv.Read())
            {
                if (rows.Count == 0 && csv.Headers.FirstOrDefault(h => !columns.Contains(h)) is { } unknown)
                {
                    throw new InvalidProfileException(file.Name, 1, $"there is no column '{unknown}'; there are {string.Join(", ", columns)}");
                }

                rows.Add((Cells(csv), (int)csv.LineNumber));
            }
        }
        catch (Exception error) when (error is FormatException or InvalidDataException || error.GetType().Namespace == typeof(CsvReader).Namespace)
        {
            throw new InvalidProfileException(file.Name, (int)csv.LineNumber, $"this row cannot be read: {error.Message}");
        }

        return rows;
    }

    private static Dictionary<string, string> Cells(CsvReader csv)
    {
        var cells = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(csv.FieldCount, csv.Headers.Count); i++)
        {
            if (csv.GetString(i) is { Length: > 0 } cell)
            {
                cells[csv.Headers[i]] = cell;
            }
        }

        return cells;
    }
}
