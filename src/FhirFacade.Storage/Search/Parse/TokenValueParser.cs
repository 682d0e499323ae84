namespace FhirFacade.Storage.Search.Parse;

/// <summary>Tokens of a search: https://hl7.org/fhir/R4/search.html#token</summary>
internal static class TokenValueParser
{
    /// <summary>The value, or null if it names neither a system nor a code.</summary>
    public static SearchValue.Token? Parse(string text)
    {
        var parts = EscapedText.Split(text, '|');
        var system = EscapedText.Unescape(parts[0]);
        return parts.Length switch
        {
            1 when system.Length > 0 => new SearchValue.Token(true, null, system),
            2 when parts[1].Length > 0 => new SearchValue.Token(false, system.Length == 0 ? null : system, EscapedText.Unescape(parts[1])),
            2 when system.Length > 0 => new SearchValue.Token(false, system, null),
            _ => null,
        };
    }
}
