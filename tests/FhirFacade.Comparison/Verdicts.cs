using System.Text.RegularExpressions;
using CsvHelper;

namespace FhirFacade.Comparison;

/// <summary>What has been found out about the differences from ReportStream's one-feature cases (<c>reportstream.csv</c>).</summary>
public sealed class Verdicts
{
    private readonly List<(string Kind, Regex Path, Verdict Verdict)> _rows = [];

    private Verdicts()
    {
    }

    /// <summary>Reads the embedded table; the first row that fits counts.</summary>
    public static Verdicts Load()
    {
        var verdicts = new Verdicts();
        using var stream = typeof(Verdicts).Assembly.GetManifestResourceStream("reportstream.csv")!;
        using var csv = CsvReader.Create(stream, new CsvReaderOptions { Separator = ',', HasHeader = true, TrimWhitespace = true }, leaveOpen: true);
        while (csv.Read())
        {
            var pattern = string.Join(".*", csv.GetString(1)!.Split('*').Select(Regex.Escape));
            verdicts._rows.Add((csv.GetString(0)!, new Regex($"^{pattern}$", RegexOptions.CultureInvariant), new Verdict(csv.GetString(2)!, csv.GetString(3)!)));
        }

        return verdicts;
    }

    /// <summary>Null for a class that nobody has explained.</summary>
    public Verdict? Of(DifferenceClass difference)
    {
        foreach (var (kind, path, verdict) in _rows)
        {
            if ((kind == "*" || kind.Equals(difference.Kind.ToString(), StringComparison.OrdinalIgnoreCase)) && path.IsMatch(difference.Path))
            {
                return verdict;
            }
        }

        return null;
    }
}
