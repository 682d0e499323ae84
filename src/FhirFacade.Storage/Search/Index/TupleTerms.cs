using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Storage.Search.Index;

/// <summary>The forms under which a part of a tuple can be asked for.</summary>
internal static class TupleTerms
{
    // Parts are told apart by their place, not by their parameters' names.
    private const string AnyParameter = "";

    public static long Code(string code) => Terms.TokenCode(AnyParameter, code);

    public static long Token(string? system, string code) => Terms.Token(AnyParameter, system, code);

    public static long System(string system) => Terms.TokenSystem(AnyParameter, system);

    public static long Link(string uri) => Terms.Uri(AnyParameter, uri);

    public static long Text(string text) => Terms.Exact(AnyParameter, NormalText.Of(text));

    /// <summary>The key of the tuple for every way of asking for its parts. Ranges are no part of the key.</summary>
    public static IEnumerable<long> KeysOf(CompositeValue composite)
    {
        IEnumerable<ImmutableArray<long>> keys = [[]];
        foreach (var part in composite.Parts.Where(part => RangeOf(part) is null))
        {
            var forms = FormsOf(part).ToList();
            keys = [.. keys.SelectMany(key => forms.Select(form => key.Add(form)))];
        }

        return keys.Select(key => Terms.Tuple(composite.Parameter, key.AsSpan())).Distinct();
    }

    /// <summary>The row that a part has in the range table, without its parameter; null for a part that is no range.</summary>
    [return: NotNullIfNotNull(nameof(quantity))]
    public static IndexRange? RangeOf(QuantityValue? quantity)
    {
        if (quantity is null)
        {
            return null;
        }

        var (low, high) = KeptNumber.Of(quantity.Low, quantity.High);
        return new IndexRange(
            0,
            low,
            high,
            quantity is { System: { } system, Code: { } code } ? Terms.Unit(system, code) : null,
            quantity.Code is null ? null : Terms.UnitCode(quantity.Code),
            quantity.Unit is null || quantity.Unit == quantity.Code ? null : Terms.UnitCode(quantity.Unit));
    }

    /// <inheritdoc cref="RangeOf(QuantityValue?)"/>
    public static IndexRange? RangeOf(IndexValue part)
    {
        switch (part)
        {
            case QuantityValue quantity:
                return RangeOf(quantity);
            case NumberValue number:
                var (low, high) = KeptNumber.Of(number.Low, number.High);
                return new IndexRange(0, low, high);
            case DateValue date:
                return new IndexRange(0, DateScale.Of(date.Low), DateScale.Of(date.High));
            default:
                return null;
        }
    }

    private static IEnumerable<long> FormsOf(IndexValue part)
    {
        switch (part)
        {
            case TokenValue token:
                if (token.Code.Length > 0)
                {
                    yield return Code(token.Code);
                    yield return Token(token.System, token.Code);
                }

                if (token.System is { } system)
                {
                    yield return System(system);
                }

                break;
            case ReferenceValue reference:
                yield return Link($"{reference.TargetType}/{reference.TargetId}");
                break;
            case ExternalReferenceValue external:
                yield return Link(external.Url);
                break;
            case UriValue uri:
                yield return Link(uri.Uri);
                break;
            case StringValue text:
                yield return Text(text.Text);
                break;
        }
    }
}
