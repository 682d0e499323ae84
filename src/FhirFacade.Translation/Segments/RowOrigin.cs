using System.Globalization;

namespace FhirFacade.Translation.Segments;

/// <summary>The file and line (1-based) from which a feed profile brought a row.</summary>
internal sealed record RowOrigin(string File, int Line)
{
    // Names that no column has.
    private const string FileCell = "@file";
    private const string LineCell = "@line";

    /// <summary>Notes the origin among the cells.</summary>
    public void Mark(Dictionary<string, string?> row)
    {
        row[FileCell] = File;
        row[LineCell] = Line.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Null for a row of this build.</summary>
    public static RowOrigin? Of(IReadOnlyDictionary<string, string?> row) =>
        row.TryGetValue(FileCell, out var file) ? new(file!, int.Parse(row[LineCell]!, CultureInfo.InvariantCulture)) : null;
}
