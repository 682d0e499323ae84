using System.Reflection;

namespace FhirFacade.Attacks;

/// <summary>The data of this program.</summary>
internal static class EmbeddedLines
{
    /// <summary>The lines of a file, without blank ones and comments.</summary>
    public static IEnumerable<string> Of(string file)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line;
            }
        }
    }
}
