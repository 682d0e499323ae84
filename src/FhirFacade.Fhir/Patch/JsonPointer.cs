using System.Collections.Immutable;
using System.Globalization;

namespace FhirFacade.Fhir.Patch;

/// <summary>A place in a JSON document (RFC 6901).</summary>
internal sealed record JsonPointer(ImmutableArray<string> Tokens)
{
    /// <summary>The pointer that a text is; null where it is none.</summary>
    public static JsonPointer? Parse(string text)
    {
        if (text.Length == 0)
        {
            return new([]);
        }

        var tokens = text[0] == '/' ? text[1..].Split('/') : null;
        if (tokens is null || Array.Exists(tokens, HasBrokenEscape))
        {
            return null;
        }

        // In this order, so that ~01 becomes ~1.
        return new([.. tokens.Select(token => token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]);
    }

    /// <summary>Whether this is where the other leads through.</summary>
    public bool IsAbove(JsonPointer other) => other.Tokens.Length > Tokens.Length && other.Tokens.AsSpan(0, Tokens.Length).SequenceEqual(Tokens.AsSpan());

    /// <summary>The array index that a token is: digits without needless zeros; null where it is none.</summary>
    public static int? Index(string token) =>
        token.Length is > 0 and < 10 && !token.AsSpan().ContainsAnyExceptInRange('0', '9') && (token.Length == 1 || token[0] != '0')
            ? int.Parse(token, NumberStyles.None, CultureInfo.InvariantCulture)
            : null;

    private static bool HasBrokenEscape(string token)
    {
        for (var at = token.IndexOf('~', StringComparison.Ordinal); at >= 0; at = token.IndexOf('~', at + 1))
        {
            if (at + 1 >= token.Length || token[at + 1] is not ('0' or '1'))
            {
                return true;
            }
        }

        return false;
    }
}
