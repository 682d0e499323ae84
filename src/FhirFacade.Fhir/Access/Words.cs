namespace FhirFacade.Fhir.Access;

/// <summary>Sets of words as one text: each once, in ordinal order, so that equal sets are equal texts.</summary>
internal static class Words
{
    /// <summary>The text; null for no words.</summary>
    public static string? Join(IEnumerable<string> words)
    {
        var text = string.Join(' ', words.Where(word => word.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return text.Length == 0 ? null : text;
    }

    public static IReadOnlyList<string> Split(string? text, char separator = ' ') => text is null ? [] : text.Split(separator);
}
