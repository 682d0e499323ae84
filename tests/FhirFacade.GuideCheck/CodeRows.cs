using System.Text.RegularExpressions;

namespace FhirFacade.GuideCheck;

/// <summary>The code tables that translation uses, by their own names.</summary>
public sealed partial class CodeRows
{
    private readonly Dictionary<string, Dictionary<string, string>> _tables;

    /// <param name="root">The folder of our tables.</param>
    public CodeRows(string root) =>
        _tables = Directory.EnumerateFiles(Path.Combine(root, "codes"), "*.csv").ToDictionary(
            static f => Path.GetFileNameWithoutExtension(f),
            static f => CsvTable.Read(f).Skip(1).Where(static r => r.Count > 2).GroupBy(static r => r[1]).ToDictionary(static g => g.Key, static g => g.First()[2]));

    /// <summary>The table that has the row; null if none has.</summary>
    public string? Where(GuideRow row)
    {
        var name = Punctuation().Replace(row.File, "-").Trim('-');
        string[] tables = name switch
        {
            "Event-EncounterStatus" => [name, "Event-EncounterStatus-presumed"],
            "ObservationResultStatusCodesInterpretation" => ["ObservationStatus"],
            "ResultStatus-Non-Queries" => ["DiagnosticReportStatus"],
            _ => [name],
        };
        var from = row.Source.Length > 0 ? row.Source : row.Target;
        return tables.FirstOrDefault(t => _tables.TryGetValue(t, out var codes) && codes.GetValueOrDefault(from) == row.Target);
    }

    [GeneratedRegex(@"[\[\]. ]+")]
    private static partial Regex Punctuation();
}
