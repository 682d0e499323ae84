using System.Text.RegularExpressions;

namespace FhirFacade.Server.Tests.Phi;

/// <summary>HL7 v2 messages whose fields say canary, as real ones say who is ill of what.</summary>
internal static partial class CanaryMessage
{
    /// <summary>The message with a canary for every value that is a text; where <paramref name="everywhere"/>, also for dates, numbers and codes, so that little of it can be understood.</summary>
    public static string Of(string message, bool everywhere)
    {
        var number = 0;
        return string.Join('\r', message.ReplaceLineEndings("\r").Split('\r').Select(segment =>
            segment.Length < 5 || segment.StartsWith("MSH", StringComparison.Ordinal) || segment.StartsWith("BHS", StringComparison.Ordinal) || segment.StartsWith("FHS", StringComparison.Ordinal)
                ? segment
                : segment[..4] + Value().Replace(segment[4..], value => everywhere || IsText(value.Value) ? $"Canary{++number}" : value.Value)));
    }

    private static bool IsText(string value) => value.Length > 3 && value.Any(char.IsLetter) && !value.Any(char.IsDigit);

    [GeneratedRegex(@"[^|^~&\\\r]+")]
    private static partial Regex Value();
}
