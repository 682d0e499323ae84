using System.Text;

namespace FhirFacade.GuideCheck;

/// <summary>Reads comma-separated files with quoted cells, which may hold line breaks (RFC 4180).</summary>
public static class CsvTable
{
    /// <summary>All rows, headers included; a cell that a row does not have is missing at its end.</summary>
    public static List<List<string>> Read(string file) => Parse(File.ReadAllText(file));

    /// <summary>The same of a text.</summary>
    public static List<List<string>> Parse(string text)
    {
        var rows = new List<List<string>>();
        var row = new List<string>();
        var cell = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            switch (c)
            {
                case '"' when isQuoted && i + 1 < text.Length && text[i + 1] == '"':
                    cell.Append('"');
                    i++;
                    break;
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case ',' when !isQuoted:
                    row.Add(Take(cell));
                    break;
                case '\n' when !isQuoted:
                    row.Add(Take(cell));
                    rows.Add(row);
                    row = [];
                    break;
                case '\r' or '\uFEFF' when !isQuoted:
                    break;
                default:
                    cell.Append(c);
                    break;
            }
        }

        if (cell.Length > 0 || row.Count > 0)
        {
            row.Add(Take(cell));
            rows.Add(row);
        }

        return rows;
    }

    private static string Take(StringBuilder cell)
    {
        var text = cell.ToString();
        cell.Clear();
        return text;
    }
}
