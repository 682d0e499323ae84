using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Server.Rest;

/// <summary>How a value of a search parameter is written (R4 search.html), for people and for descriptions.</summary>
/// <param name="Text">The forms that a value may have.</param>
/// <param name="Example">One value.</param>
/// <param name="Modifiers">What may follow the parameter's name.</param>
internal sealed record SearchWriting(string Text, string Example, string Modifiers)
{
    /// <summary>Of a type of parameter, as the CapabilityStatement names it.</summary>
    public static SearchWriting Of(string type) => Enum.TryParse<SearchParameterType>(type, ignoreCase: true, out var known) ? Of(known) : Of(SearchParameterType.Special);

    private static SearchWriting Of(SearchParameterType type) => type switch
    {
        SearchParameterType.Token => new("code, system|code, |code or system|", "http://loinc.org|718-7", ":not :text :in :not-in :above :below :ofType :missing"),
        SearchParameterType.String => new("the beginning of a word, whatever its case and accents", "mus", ":exact :contains :missing"),
        SearchParameterType.Date => new("a date or time, as exact as is known, with an optional prefix eq, ne, gt, lt, ge, le, sa, eb or ap", "ge2024-05", ":missing"),
        SearchParameterType.Number => new("a number with an optional prefix eq, ne, gt, lt, ge, le, sa, eb or ap", "gt0.5", ":missing"),
        SearchParameterType.Quantity => new("a number with an optional prefix, then |system|unit", "gt5.4|http://unitsofmeasure.org|mg", ":missing"),
        SearchParameterType.Reference => new("id, type/id, an absolute address, or with .parameter a chain", "Patient/123", ":identifier :[type] :above :below :missing"),
        SearchParameterType.Uri => new("the whole address", "http://example.org/set", ":above :below :missing"),
        SearchParameterType.Composite => new("the values of its parts, with $ between them", "http://loinc.org|718-7$gt10", ":missing"),
        _ => new("as R4 says of this parameter", "", ""),
    };
}
