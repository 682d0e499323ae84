using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>Turns the values of a parameter into conditions on the columns and side tables where the index keeps them.</summary>
internal static class ValueCompiler
{
    /// <summary>The condition on the rows of the type.</summary>
    /// <param name="type">The type whose rows are tested.</param>
    /// <param name="matches">The parameter and its values.</param>
    /// <param name="grant">Applied to the rows that a hierarchy of references leads through.</param>
    public static Predicate Compile(string type, Criterion.Matches matches, AccessGrant grant)
    {
        var any = Predicate.AnyOf(
            from code in ParameterAliases.Of(type, matches.Parameter.Code)
            from value in matches.AnyOf
            select Compile(type, Named(type, matches.Parameter, code), matches.Modifier, value, grant));
        return matches.Modifier is SearchModifier.Not or SearchModifier.NotIn ? Predicate.NotOf(any) : any;
    }

    private static SearchParameter Named(string type, SearchParameter parameter, string code) =>
        code == parameter.Code ? parameter : SearchParameterSet.Served.Find(type, code) ?? parameter with { Code = code };

    private static Predicate Compile(string type, SearchParameter parameter, SearchModifier modifier, SearchValue value, AccessGrant grant)
    {
        var code = parameter.Code;
        return value switch
        {
            SearchValue.Token token when modifier == SearchModifier.Identifier => Identifier(code, token),
            SearchValue.Token token when code == "_id" => token is { System: null, Code: { } id } ? new Predicate.IdIs([id]) : new Predicate.Never(),
            SearchValue.Token token => Token(type, code, token),
            SearchValue.Codes codes => Codes(code, codes),
            SearchValue.TypedIdentifier identifier => Term(Terms.IdentifierOfType(code, identifier.System, identifier.Code, identifier.Value)),
            SearchValue.Text text when parameter.Type == SearchParameterType.Token =>
                new Predicate.HasTextTerm(Terms.Parameter(code), StringPrefixes.Kept(NormalText.Of(text.Value)), IndexedTextTest.WordStart),
            SearchValue.Text text => Text(code, modifier, text.Value),
            SearchValue.Date date when code == "_lastUpdated" => new Predicate.LastUpdated(date.Comparator, date.Low, date.High),
            SearchValue.Date date when code == MainDate.Of(type) => new Predicate.MainDate(date.Comparator, date.Low, date.High),
            SearchValue.Date date => Range(code, RangeCompiler.Test(date), null),
            SearchValue.Number number => Range(code, RangeCompiler.Test(number), null),
            SearchValue.Quantity { Base: { } quantity } => new Predicate.InRange(Terms.Canonical(code), RangeCompiler.Test(quantity.Amount), RangeCompiler.Unit(quantity)),
            SearchValue.Quantity quantity => Range(code, RangeCompiler.Test(quantity.Amount), RangeCompiler.Unit(quantity)),
            SearchValue.Reference reference when modifier is SearchModifier.Above or SearchModifier.Below => HierarchyCompiler.Compile(parameter, reference, modifier, grant),
            SearchValue.Reference reference => Reference(type, parameter, reference),
            SearchValue.Uri uri when modifier == SearchModifier.Below => new Predicate.HasTextTerm(Terms.Parameter(code), uri.Value, IndexedTextTest.Below),
            SearchValue.Uri uri when modifier == SearchModifier.Above => new Predicate.HasTerm([.. Ancestors(uri.Value).Select(u => Terms.Uri(code, u))]),
            SearchValue.Uri uri => Term(Terms.Uri(code, uri.Value)),
            SearchValue.Circle circle => new Predicate.Near(circle.Latitude, circle.Longitude, circle.Metres),
            SearchValue.Tuple tuple when CompositeParameters.IsTuple(type, code) => TupleCompiler.Compile(parameter, tuple),
            SearchValue.Tuple tuple => Predicate.AllOf(CompositeParameters.PartsOf(parameter)
                .Zip(tuple.Parts, (part, v) => Compile(type, new Criterion.Matches(part, SearchModifier.None, [v]), grant))),
            _ => throw new InvalidOperationException($"A value that cannot be compiled: {value.GetType().Name}."),
        };
    }

    // The uri itself, and what remains of it when its last steps are taken away, with and without the stroke.
    private static IEnumerable<string> Ancestors(string uri)
    {
        yield return uri;
        var host = uri.IndexOf("://", StringComparison.Ordinal);
        var from = host < 0 ? 0 : host + 3;
        for (var end = uri.LastIndexOfAny(['/', '|']); end > from; end = uri.LastIndexOfAny(['/', '|'], end - 1))
        {
            yield return uri[..end];
            if (uri[end] == '/')
            {
                yield return uri[..(end + 1)];
            }
        }
    }

    private static Predicate Codes(string code, SearchValue.Codes codes) => codes.Any.IsEmpty
        ? new Predicate.Never()
        : new Predicate.HasTerm([.. codes.Any.Select(c => Terms.Token(code, c.System, c.Code))]);

    private static Predicate.HasTerm Token(string type, string code, SearchValue.Token token)
    {
        var posting = token.Code is { } posted && code == Postings.Parameter && Postings.Has(type) ? Terms.TokenCode(code, posted) : (long?)null;
        return token switch
        {
            { Code: null } => Term(Terms.TokenSystem(code, token.System ?? "")),
            { AnySystem: true } => Term(Terms.TokenCode(code, token.Code)) with { Posting = posting },
            _ => Term(Terms.Token(code, token.System, token.Code)) with { Posting = posting },
        };
    }

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
            return new Predicate.TextHas(parameter, normalised, TextPlace.Anywhere);
        }

        if (modifier == SearchModifier.End)
        {
            return new Predicate.TextHas(parameter, normalised, TextPlace.End);
        }

        var longest = Math.Min(StringPrefixes.Longest, normalised.Length);
        var beginning = Term(Terms.Prefix(code, normalised.AsSpan(0, longest)));
        var place = modifier switch
        {
            SearchModifier.Whole => TextPlace.Whole,
            SearchModifier.Beginning => TextPlace.Beginning,
            _ => TextPlace.WordStart,
        };
        return normalised.Length <= longest && place == TextPlace.WordStart
            ? beginning
            : Predicate.AllOf([beginning, new Predicate.TextHas(parameter, normalised, place)]);
    }

    private static Predicate Reference(string type, SearchParameter parameter, SearchValue.Reference reference)
    {
        var targets = reference.Type is { } one ? [one] : parameter.Targets.Where(ResourceTables.Has);
        return Predicate.AnyOf(targets.Select(target => Term(Terms.Reference(parameter.Code, target, reference.Id)) with
        {
            Patient = target == "Patient" && PatientLinks.Tell(type, parameter) ? reference.Id : null,
        }));
    }

    private static Predicate.InRange Range(string code, RangeTest test, UnitTest? unit) => new(Terms.Parameter(code), test, unit);

    private static Predicate.HasTerm Term(long term) => new([term]);
}
