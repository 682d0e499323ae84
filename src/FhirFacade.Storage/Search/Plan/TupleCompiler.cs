using System.Collections.Immutable;
using System.Globalization;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>Composite parameters of repeating elements: all parts hold of one element.</summary>
internal static class TupleCompiler
{
    public static Predicate Compile(SearchParameter composite, SearchValue.Tuple tuple)
    {
        var parameters = CompositeParameters.PartsOf(composite);
        IEnumerable<ImmutableArray<long>> keys = [[]];
        var ranges = ImmutableArray.CreateBuilder<TuplePart>();
        for (var i = 0; i < tuple.Parts.Length; i++)
        {
            if (RangeOf(composite.Code, i, tuple.Parts[i]) is { } range)
            {
                ranges.Add(range);
                continue;
            }

            var forms = FormsOf(parameters[i], tuple.Parts[i]).ToList();
            keys = [.. keys.SelectMany(key => forms.Select(form => key.Add(form)))];
        }

        return Predicate.AnyOf(keys.Select(key => Terms.Tuple(composite.Code, key.AsSpan())).Select(key => Predicate.AllOf(
        [
            new Predicate.HasTerm([key]),
            ranges.Count == 0 ? new Predicate.Always() : new Predicate.InTuple(key, ranges.ToImmutable()),
        ])));
    }

    private static TuplePart? RangeOf(string composite, int part, SearchValue value) => value switch
    {
        SearchValue.Date date => new TuplePart(Terms.Part(composite, part), RangeCompiler.Test(date), null),
        SearchValue.Number number => new TuplePart(Terms.Part(composite, part), RangeCompiler.Test(number), null),
        SearchValue.Quantity { Base: { } quantity } => new TuplePart(
            Terms.Canonical(composite + "$" + part.ToString(CultureInfo.InvariantCulture)), RangeCompiler.Test(quantity.Amount), RangeCompiler.Unit(quantity)),
        SearchValue.Quantity quantity => new TuplePart(Terms.Part(composite, part), RangeCompiler.Test(quantity.Amount), RangeCompiler.Unit(quantity)),
        _ => null,
    };

    private static IEnumerable<long> FormsOf(SearchParameter parameter, SearchValue value) => value switch
    {
        SearchValue.Token { Code: null, System: { } system } => [TupleTerms.System(system)],
        SearchValue.Token { AnySystem: true, Code: { } code } => [TupleTerms.Code(code)],
        SearchValue.Token { Code: { } code } token => [TupleTerms.Token(token.System, code)],
        SearchValue.Reference { Type: { } type } reference => [TupleTerms.Link($"{type}/{reference.Id}")],
        SearchValue.Reference reference => parameter.Targets.Where(ResourceTables.Has).Select(type => TupleTerms.Link($"{type}/{reference.Id}")),
        SearchValue.Uri uri => [TupleTerms.Link(uri.Value)],
        SearchValue.Text text => [TupleTerms.Text(text.Value)],
        _ => [],
    };
}
