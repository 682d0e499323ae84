using System.Collections.Immutable;
using System.Text;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>The escapes of search values: https://hl7.org/fhir/R4/search.html#escaping</summary>
internal static class EscapedText
{
    /// <summary>Splits at every separator that no backslash precedes. The parts keep their escapes.</summary>
    public static ImmutableArray<string> Split(string text, char separator)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == separator)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        parts.Add(text[start..]);
        return parts.ToImmutable();
    }

    /// <summary>Takes the escapes away: <c>\,</c> <c>\$</c> <c>\|</c> <c>\\</c>. Any other backslash stays.</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is ',' or '$' or '|' or '\\')
            {
                i++;
            }

            plain.Append(text[i]);
        }

        return plain.ToString();
    }
}
