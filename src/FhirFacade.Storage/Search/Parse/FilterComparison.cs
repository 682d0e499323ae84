using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>One comparison of <c>_filter</c>: https://hl7.org/fhir/R4/search_filter.html, operations.</summary>
internal sealed class FilterComparison(TerminologySet terminology, DateTimeOffset now)
{
    /// <summary>The criterion; null with the rule that is broken.</summary>
    public Criterion? Of(string type, SearchParameter parameter, string operation, string value, out string wrong)
    {
        wrong = $"cannot be compared with {parameter.Type.ToString().ToLowerInvariant()} by this operation";
        if (operation == "pr")
        {
            wrong = "is to be true or false";
            return value is "true" or "false" ? new Criterion.Missing(parameter, value == "false") : null;
        }

        if (operation == "ne" && parameter.Type is SearchParameterType.Token or SearchParameterType.String or SearchParameterType.Reference or SearchParameterType.Uri)
        {
            return Of(type, parameter, "eq", value, out wrong) is { } equal ? new Criterion.Not(equal) : null;
        }

        if (Modifier(parameter.Type, operation) is not { } modifier || !SearchOffer.Includes(parameter))
        {
            return null;
        }

        if (modifier is SearchModifier.In or SearchModifier.NotIn or SearchModifier.Above or SearchModifier.Below && parameter.Type == SearchParameterType.Token)
        {
            return Set(type, parameter, modifier, value, out wrong);
        }

        wrong = $"is not a {SearchValueParser.Form(parameter.Type, modifier)}";
        var text = parameter.Type is SearchParameterType.Date or SearchParameterType.Number or SearchParameterType.Quantity
            ? (operation == "po" ? "eq" : operation) + value
            : Escaped(parameter.Type, value);
        var parsed = SearchValueParser.Parse(parameter, modifier, null, text, now);
        parsed = parsed is SearchValue.Date date && operation == "po" ? date with { Comparator = Comparator.Approximately } : parsed;
        return parsed is null ? null : new Criterion.Matches(parameter, modifier, [parsed]);
    }

    private Criterion.Matches? Set(string type, SearchParameter parameter, SearchModifier modifier, string value, out string wrong)
    {
        var plain = CodeSets.IsPlainCode(type, parameter);
        var (codes, reason) = modifier is SearchModifier.In or SearchModifier.NotIn ? CodeSets.OfValueSet(terminology, value, plain)
            : TokenValueParser.Parse(value) is { } token ? CodeSets.OfBranch(terminology, token, modifier == SearchModifier.Above, plain)
            : (null, "needs the form system|code");
        wrong = reason;
        return codes is null ? null : new Criterion.Matches(parameter, modifier, [codes]);
    }

    private static SearchModifier? Modifier(SearchParameterType type, string operation) => (type, operation) switch
    {
        (SearchParameterType.String, "eq") => SearchModifier.Whole,
        (SearchParameterType.String, "co") => SearchModifier.Contains,
        (SearchParameterType.String, "sw") => SearchModifier.Beginning,
        (SearchParameterType.String, "ew") => SearchModifier.End,
        (SearchParameterType.Token, "eq") => SearchModifier.None,
        (SearchParameterType.Token, "in") => SearchModifier.In,
        (SearchParameterType.Token, "ni") => SearchModifier.NotIn,
        (SearchParameterType.Token or SearchParameterType.Uri, "ss") => SearchModifier.Above,
        (SearchParameterType.Token or SearchParameterType.Uri, "sb") => SearchModifier.Below,
        (SearchParameterType.Reference, "eq" or "re") => SearchModifier.None,
        (SearchParameterType.Uri, "eq") => SearchModifier.None,
        (SearchParameterType.Date, "po") => SearchModifier.None,
        (SearchParameterType.Date or SearchParameterType.Number or SearchParameterType.Quantity, "eq" or "ne" or "gt" or "lt" or "ge" or "le" or "ap" or "sa" or "eb") =>
            SearchModifier.None,
        _ => null,
    };

    // In a filter a comma is a comma; only a token's bar keeps its meaning.
    private static string Escaped(SearchParameterType type, string value) =>
        type == SearchParameterType.Token ? value : value.Replace(@"\", @"\\", StringComparison.Ordinal);
}
