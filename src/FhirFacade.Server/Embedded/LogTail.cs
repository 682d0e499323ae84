using System.Text.RegularExpressions;

namespace FhirFacade.Server.Embedded;

/// <summary>Finds, in what PostgreSQL wrote while it did not start, the one line that says why.</summary>
internal static partial class LogTail
{
    private const int LongestLine = 300;

    /// <summary>What was written to the log since it had the given length.</summary>
    public static string Since(string path, long length)
    {
        if (!File.Exists(path))
        {
            return "";
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = Math.Min(length, stream.Length);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The gravest line, without its time stamp.</summary>
    public static string Reason(string log)
    {
        var lines = log.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var line = lines.LastOrDefault(line => Grave().IsMatch(line)) ?? lines.LastOrDefault(line => Error().IsMatch(line)) ?? lines.FirstOrDefault() ?? "it gave no reason";
        var text = Stamp().Replace(line, "");
        return text.Length > LongestLine ? text[..LongestLine] : text;
    }

    [GeneratedRegex(@"\b(PANIC|FATAL):")]
    private static partial Regex Grave();

    [GeneratedRegex(@"\berror: |\bERROR:|could not ")]
    private static partial Regex Error();

    [GeneratedRegex(@"^.*?(PANIC|FATAL|ERROR|error): +")]
    private static partial Regex Stamp();
}
