namespace FhirFacade.Storage.Journal;

/// <summary>Text as PostgreSQL takes it: without NUL and lone surrogates, of a bounded length.</summary>
internal static class StorableText
{
    public static string Of(string text, int length = 500)
    {
        var cut = text.Length > length ? text[..length] : text;
        return !cut.Any(character => character == '\0' || char.IsSurrogate(character)) ? cut
            : string.Concat(cut.EnumerateRunes().Select(rune => rune.Value == 0 ? "\uFFFD" : rune.ToString()));
    }

    public static string? OrNull(string? text) => text is null ? null : Of(text);
}
