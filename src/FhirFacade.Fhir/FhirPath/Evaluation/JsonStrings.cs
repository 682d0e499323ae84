using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>Strings of JSON that nobody has validated.</summary>
internal static class JsonStrings
{
    /// <summary>
    /// The text; null where the element is no string or its escapes are no text (half a surrogate pair). Broken UTF-8 reads
    /// as replacement characters.
    /// </summary>
    public static string? TryGetText(this JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var raw = JsonMarshal.GetRawUtf8Value(json)[1..^1];
        return raw.Contains((byte)'\\') ? Unescape(json) : Encoding.UTF8.GetString(raw);
    }

    /// <summary>Whether the element is this text.</summary>
    public static bool IsText(this JsonElement json, string text)
    {
        if (json.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        var raw = JsonMarshal.GetRawUtf8Value(json)[1..^1];
        return raw.Contains((byte)'\\') ? Unescape(json) == text : raw.Length >= text.Length && json.ValueEquals(text);
    }

    /// <summary>The text of a string in UTF-8, its escapes resolved: <c>\\u002B01:00</c> is an offset, too. Nothing where they are no text.</summary>
    public static ReadOnlySpan<byte> TextUtf8(this JsonElement json)
    {
        var raw = JsonMarshal.GetRawUtf8Value(json)[1..^1];
        return raw.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(Unescape(json) ?? "") : raw;
    }

    private static string? Unescape(JsonElement json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // The one sign that System.Text.Json gives of an escape that is no character.
        }
    }
}
