using System.Collections.Immutable;
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
            SearchParameterType.Token when modifier == SearchModifier.Text => Text(EscapedText.Unescape(text), modifier),
            SearchParameterType.Token when modifier == SearchModifier.OfType => TypedIdentifier(text),
            SearchParameterType.Composite => Tuple(parameter, text, now),
            SearchParameterType.Special => CircleValueParser.Parse(text),
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
        SearchParameterType.Token when modifier == SearchModifier.Text => "text with letters or digits",
        SearchParameterType.Token when modifier == SearchModifier.OfType => "token: system|code|value",
        SearchParameterType.Composite => "composite: the values of its parts, with $ between them",
        SearchParameterType.Special => "position: latitude|longitude, |distance, and |unit of length",
        SearchParameterType.Token => "token: code, system|code, |code or system|",
        SearchParameterType.Reference when modifier == SearchModifier.Identifier => "token: value or system|value",
        SearchParameterType.Reference when modifier is SearchModifier.Above or SearchModifier.Below => "reference Type/id to a type that has parts",
        SearchParameterType.Reference => "reference: id, Type/id or URL",
        SearchParameterType.Date => "date",
        SearchParameterType.Number => "number",
        SearchParameterType.Quantity => "quantity: number or number|system|code",
        SearchParameterType.Uri => "uri",
        _ => "text with letters or digits",
    };

    private static SearchValue.TypedIdentifier? TypedIdentifier(string text)
    {
        var parts = EscapedText.Split(text, '|');
        return parts.Length == 3 && parts[1].Length > 0 && parts[2].Length > 0
            ? new SearchValue.TypedIdentifier(parts[0].Length == 0 ? null : EscapedText.Unescape(parts[0]), EscapedText.Unescape(parts[1]), EscapedText.Unescape(parts[2]))
            : null;
    }

    private static SearchValue.Tuple? Tuple(SearchParameter composite, string text, DateTimeOffset now)
    {
        var texts = EscapedText.Split(text, '$');
        var parameters = CompositeParameters.PartsOf(composite);
        if (parameters.IsEmpty || texts.Length != parameters.Length)
        {
            return null;
        }

        var parts = ImmutableArray.CreateBuilder<SearchValue>(texts.Length);
        foreach (var (parameter, part) in parameters.Zip(texts))
        {
            if (Parse(parameter, SearchModifier.None, null, part, now) is not { } value)
            {
                return null;
            }

            parts.Add(value);
        }

        return new SearchValue.Tuple(parts.MoveToImmutable());
    }

    // A text without letters and digits would be the beginning of everything.
    private static SearchValue.Text? Text(string text, SearchModifier modifier)
    {
        var hasContent = modifier == SearchModifier.Exact ? text.Length > 0 : NormalText.Of(text).Length > 0;
        return hasContent ? new SearchValue.Text(text) : null;
    }
}
