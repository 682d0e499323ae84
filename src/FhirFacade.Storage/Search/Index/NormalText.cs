using System.Buffers;
using System.Globalization;
using System.Text;

namespace FhirFacade.Storage.Search.Index;

/// <summary>
/// Text as string parameters compare it (R4 search.html#string): lower case, without diacritics and punctuation,
/// words apart by one space.
/// </summary>
public static class NormalText
{
    /// <summary>The normal form; empty for a text without letters and digits.</summary>
    public static string Of(string text)
    {
        if (Ascii.IsValid(text))
        {
            return OfAscii(text);
        }

        var result = new StringBuilder(text.Length);
        foreach (var rune in Decomposed(text).EnumerateRunes())
        {
            if (Replacement(rune) is { } letters)
            {
                result.Append(letters);
                continue;
            }

            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format:
                    break;
                case UnicodeCategory.OtherPunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation
                    when !SeparatesWords(rune):
                    break;
                default:
                    if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpacingCombiningMark)
                    {
                        result.Append(Rune.ToLowerInvariant(rune).ToString());
                    }
                    else if (result.Length > 0 && result[^1] != ' ')
                    {
                        result.Append(' ');
                    }

                    break;
            }
        }

        if (result.Length > 0 && result[^1] == ' ')
        {
            result.Length--;
        }

        return result.ToString();
    }

    // The same, seen from the categories that ASCII characters have: most texts are nothing else.
    private static string OfAscii(string text)
    {
        var rented = text.Length <= 256 ? null : ArrayPool<char>.Shared.Rent(text.Length);
        Span<char> result = rented ?? stackalloc char[256];
        var length = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                result[length++] = char.ToLowerInvariant(c);
            }
            else if (c is not ('!' or '"' or '\'' or '.' or '?') && length > 0 && result[length - 1] != ' ')
            {
                result[length++] = ' ';
            }
        }

        var normal = new string(result[..(length > 0 && result[length - 1] == ' ' ? length - 1 : length)]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return normal;
    }

    // A lone surrogate has no normal form, and the framework throws on it.
    private static string Decomposed(string text)
    {
        var whole = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            whole.Append(rune.ToString());
        }

        return whole.ToString().Normalize(NormalizationForm.FormKD);
    }

    private static bool SeparatesWords(Rune rune) => rune.Value is ',' or ';' or ':' or '/' or '\\' or '&' or '@' or '#' or '%' or '*';

    // Letters that have no decomposition although people write them as these.
    private static string? Replacement(Rune rune) => rune.Value switch
    {
        'ß' => "ss",
        'ø' or 'Ø' => "o",
        'æ' or 'Æ' => "ae",
        'œ' or 'Œ' => "oe",
        'ł' or 'Ł' => "l",
        'đ' or 'Đ' or 'ð' or 'Ð' => "d",
        'þ' or 'Þ' => "th",
        'ı' => "i",
        _ => null,
    };
}
