using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>Turns the values of a parameter into conditions on the columns and side tables where the index keeps them.</summary>
internal static class ValueCompiler
{
    public static Predicate Compile(string type, Criterion.Matches matches)
    {
        var any = Predicate.AnyOf(
            from code in ParameterAliases.Of(type, matches.Parameter.Code)
            from value in matches.AnyOf
            select Compile(type, matches.Parameter with { Code = code }, matches.Modifier, value));
        return matches.Modifier == SearchModifier.Not ? Predicate.NotOf(any) : any;
    }

    private static Predicate Compile(string type, SearchParameter parameter, SearchModifier modifier, SearchValue value)
    {
        var code = parameter.Code;
        return value switch
        {
            SearchValue.Token token when modifier == SearchModifier.Identifier => Identifier(code, token),
            SearchValue.Token token when code == "_id" => token is { System: null, Code: { } id } ? new Predicate.IdIs([id]) : new Predicate.Never(),
            SearchValue.Token token => Token(code, token),
            SearchValue.Text text => Text(code, modifier, text.Value),
            SearchValue.Date date when code == "_lastUpdated" => new Predicate.LastUpdated(date.Comparator, date.Low, date.High),
            SearchValue.Date date when code == MainDate.Of(type) => new Predicate.MainDate(date.Comparator, date.Low, date.High),
            SearchValue.Date date => Range(code, new RangeTest(date.Comparator, DateScale.Of(date.Low), DateScale.Of(date.High), true), null),
            SearchValue.Number number => Range(code, Test(number), null),
            SearchValue.Quantity quantity => Range(code, Test(quantity.Amount), Unit(quantity)),
            SearchValue.Reference reference => Reference(parameter, reference),
            SearchValue.Uri uri => Term(Terms.Uri(code, uri.Value)),
            _ => throw new InvalidOperationException($"A value that cannot be compiled: {value.GetType().Name}."),
        };
    }

    private static Predicate.HasTerm Token(string code, SearchValue.Token token) => token switch
    {
        { Code: null } => Term(Terms.TokenSystem(code, token.System ?? "")),
        { AnySystem: true } => Term(Terms.TokenCode(code, token.Code)),
        _ => Term(Terms.Token(code, token.System, token.Code)),
    };

    private static Predicate.HasTerm Identifier(string code, SearchValue.Token token) => token.AnySystem
        ? Term(Terms.IdentifierValue(code, token.Code ?? ""))
        : Term(Terms.Identifier(code, token.System, token.Code ?? ""));

    private static Predicate Text(string code, SearchModifier modifier, string text)
    {
        if (modifier == SearchModifier.Exact)
        {
            return Term(Terms.Exact(code, text));
        }

        var normalised = NormalText.Of(text);
        var parameter = Terms.Parameter(code);
        if (modifier == SearchModifier.Contains)
        {
            return new Predicate.TextHas(parameter, normalised, OnlyAtWordStart: false);
        }

        var longest = Math.Min(StringPrefixes.Longest, normalised.Length);
        var beginning = Term(Terms.Prefix(code, normalised.AsSpan(0, longest)));
        return normalised.Length <= longest
            ? beginning
            : Predicate.AllOf([beginning, new Predicate.TextHas(parameter, normalised, OnlyAtWordStart: true)]);
    }

    private static Predicate Reference(SearchParameter parameter, SearchValue.Reference reference)
    {
        var types = reference.Type is { } type ? [type] : parameter.Targets.Where(ResourceTables.Has);
        return Predicate.AnyOf(types.Select(t => Term(Terms.Reference(parameter.Code, t, reference.Id))));
    }

    private static Predicate.InRange Range(string code, RangeTest test, UnitTest? unit) => new(Terms.Parameter(code), test, unit);

    private static RangeTest Test(SearchValue.Number number) => new(number.Comparator, number.Low, number.High, false);

    private static UnitTest? Unit(SearchValue.Quantity quantity) => quantity.Code is not { } code
        ? null
        : new UnitTest(quantity.System is { } system ? Terms.Unit(system, code) : null, Terms.UnitCode(code));

    private static Predicate.HasTerm Term(long term) => new([term]);
}
