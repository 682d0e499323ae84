using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Index;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>Reads one of the values of a parameter by the parameter's type.</summary>
internal static class SearchValueParser
{
    /// <summary>The value, or null if it does not have the form that the type asks for.</summary>
    public static SearchValue? Parse(SearchParameter parameter, SearchModifier modifier, string? targetType, string text, DateTimeOffset now)
    {
        return parameter.Type switch
        {
            SearchParameterType.Token => TokenValueParser.Parse(text),
            SearchParameterType.Reference when modifier == SearchModifier.Identifier => TokenValueParser.Parse(text) is { Code: not null } value ? value : null,
            SearchParameterType.Reference => ReferenceValueParser.Parse(EscapedText.Unescape(text), targetType),
            SearchParameterType.Date => DateValueParser.Parse(text, now),
            SearchParameterType.Number => NumberValueParser.Parse(text),
            SearchParameterType.Quantity => NumberValueParser.ParseQuantity(text),
            SearchParameterType.String => Text(EscapedText.Unescape(text), modifier),
            SearchParameterType.Uri when text.Length > 0 => new SearchValue.Uri(EscapedText.Unescape(text)),
            _ => null,
        };
    }

    /// <summary>The form in words, for an issue.</summary>
    public static string Form(SearchParameterType type, SearchModifier modifier) => type switch
    {
        SearchParameterType.Token => "token: code, system|code, |code or system|",
        SearchParameterType.Reference when modifier == SearchModifier.Identifier => "token: value or system|value",
        SearchParameterType.Reference => "reference: id, Type/id or URL",
        SearchParameterType.Date => "date",
        SearchParameterType.Number => "number",
        SearchParameterType.Quantity => "quantity: number or number|system|code",
        SearchParameterType.Uri => "uri",
        _ => "text with letters or digits",
    };

    // A text without letters and digits would be the beginning of everything.
    private static SearchValue.Text? Text(string text, SearchModifier modifier)
    {
        var hasContent = modifier == SearchModifier.Exact ? text.Length > 0 : NormalText.Of(text).Length > 0;
        return hasContent ? new SearchValue.Text(text) : null;
    }
}
