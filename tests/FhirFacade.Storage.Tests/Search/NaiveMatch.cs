using System.Collections.Immutable;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>Whether a value of a search matches what a parameter finds, by the words of R4 search.html.</summary>
internal static class NaiveMatch
{
    public static bool Any(NaiveResource resource, SearchParameter parameter, SearchModifier modifier, SearchValue value)
    {
        var found = resource.Values.Where(v => v.Parameter == parameter.Code);
        return value switch
        {
            SearchValue.Token token when parameter.Code == "_id" => token.System is null && token.Code == resource.Id,
            SearchValue.Date date when parameter.Code == "_lastUpdated" => Compare(date.Comparator, resource.LastUpdated, resource.LastUpdated.AddTicks(1), date.Low, date.High),
            SearchValue.Date => resource.Dates(parameter.Code).Any(v => One(parameter, modifier, value, v)),
            SearchValue.Text when parameter.Type == SearchParameterType.String && modifier == SearchModifier.None => found.Any(v => One(parameter, modifier, value, v)),
            _ => found.Any(v => One(parameter, modifier, value, v)),
        };
    }

    private static bool One(SearchParameter parameter, SearchModifier modifier, SearchValue value, IndexValue found) => (value, found) switch
    {
        (SearchValue.Token token, IdentifierReferenceValue v) when modifier == SearchModifier.Identifier => Same(token, v.System, v.Value),
        (SearchValue.Token token, TokenValue v) => Same(token, v.System, v.Code),
        (SearchValue.Codes codes, TokenValue v) => codes.Any.Any(c => c.System == v.System && string.Equals(c.Code, v.Code, StringComparison.OrdinalIgnoreCase)),
        (SearchValue.TypedIdentifier wanted, TypedIdentifierValue v) => wanted.System == v.TypeSystem
            && string.Equals(wanted.Code, v.TypeCode, StringComparison.OrdinalIgnoreCase) && string.Equals(wanted.Value, v.Value, StringComparison.OrdinalIgnoreCase),
        (SearchValue.Text text, TokenValue { Text: { } shown }) when modifier == SearchModifier.Text =>
            (" " + NormalText.Of(shown)).Contains(" " + NormalText.Of(text.Value), StringComparison.Ordinal),
        (SearchValue.Text text, StringValue v) => Same(text.Value, modifier, v.Text),
        (SearchValue.Date date, DateValue v) => Compare(date.Comparator, v.Low, v.High, date.Low, date.High),
        (SearchValue.Number number, NumberValue v) => Same(number, v.Low, v.High),
        (SearchValue.Quantity { Base: { } inBase }, QuantityValue { System: BaseUnits.Ucum } v) => SameBase(inBase, v),
        (SearchValue.Quantity { Base: null } quantity, QuantityValue v) => Same(quantity.Amount, v.Low, v.High) && SameUnit(quantity, v),
        (SearchValue.Reference reference, ReferenceValue v) => v.TargetId == reference.Id
            && (reference.Type is null ? parameter.Targets.Contains(v.TargetType) : v.TargetType == reference.Type),
        (SearchValue.Uri uri, UriValue v) => modifier switch
        {
            SearchModifier.Below => IsBelow(v.Uri, uri.Value),
            SearchModifier.Above => IsBelow(uri.Value, v.Uri),
            _ => v.Uri == uri.Value,
        },
        (SearchValue.Uri uri, ExternalReferenceValue v) => v.Url == uri.Value,
        (SearchValue.Tuple tuple, CompositeValue v) => CompositeParameters.PartsOf(parameter).Zip(tuple.Parts, v.Parts)
            .All(part => One(part.First, SearchModifier.None, part.Second, part.Third)),
        (SearchValue.Circle circle, PositionValue v) => Distance(circle, v) <= circle.Metres,
        _ => false,
    };

    private static bool IsBelow(string uri, string above) =>
        uri == above || uri.StartsWith(above.EndsWith('/') ? above : above + "/", StringComparison.Ordinal) || uri.StartsWith(above + "|", StringComparison.Ordinal);

    // Along the great circle, by the law of cosines; the product uses the haversine.
    private static double Distance(SearchValue.Circle circle, PositionValue place)
    {
        var (a, b) = (double.DegreesToRadians(circle.Latitude), double.DegreesToRadians((double)place.Latitude));
        var turn = double.DegreesToRadians((double)place.Longitude - circle.Longitude);
        return 6_371_000 * Math.Acos(Math.Clamp((Math.Sin(a) * Math.Sin(b)) + (Math.Cos(a) * Math.Cos(b) * Math.Cos(turn)), -1, 1));
    }

    private static bool Same(SearchValue.Token token, string? system, string code)
    {
        return (token.Code is null || (code.Length > 0 && string.Equals(token.Code, code, StringComparison.OrdinalIgnoreCase)))
            && (token.AnySystem || token.System == system);
    }

    private static bool Same(string searched, SearchModifier modifier, string stored)
    {
        var text = NormalText.Of(stored);
        var wanted = NormalText.Of(searched);
        return modifier switch
        {
            SearchModifier.Exact => searched == stored,
            SearchModifier.Contains => text.Contains(wanted, StringComparison.Ordinal),
            SearchModifier.Whole => text == wanted,
            SearchModifier.Beginning => text.StartsWith(wanted, StringComparison.Ordinal),
            SearchModifier.End => text.EndsWith(wanted, StringComparison.Ordinal),
            _ => Enumerable.Range(0, text.Length).Where(i => i == 0 || text[i - 1] == ' ').Take(StringPrefixes.Words)
                .Any(i => text.AsSpan(i).StartsWith(wanted, StringComparison.Ordinal)),
        };
    }

    private static bool Compare(Comparator comparator, DateTimeOffset low, DateTimeOffset high, DateTimeOffset searchedLow, DateTimeOffset searchedHigh)
    {
        var contained = low >= searchedLow && high <= searchedHigh;
        var above = high > searchedHigh;
        var below = low < searchedLow;
        return comparator switch
        {
            Comparator.Equal => contained,
            Comparator.NotEqual => !contained,
            Comparator.Greater => above,
            Comparator.Less => below,
            Comparator.GreaterOrEqual => above || contained,
            Comparator.LessOrEqual => below || contained,
            Comparator.StartsAfter => low >= searchedHigh,
            Comparator.EndsBefore => high <= searchedLow,
            _ => low < searchedHigh && high > searchedLow,
        };
    }

    private static bool SameBase(BaseQuantity searched, QuantityValue stored)
    {
        var (low, high) = Kept(stored.Low, stored.High);
        return CanonicalRange.Of(low, high, stored.System, stored.Code) is { } range && range.Unit == searched.Unit && Compare(searched.Amount, (double)range.Low, (double)range.High);
    }

    // A number stands for itself, a true range for its ends; half of the last digit to either side is no range.
    private static (decimal Low, decimal High) Kept(decimal low, decimal high) =>
        low == decimal.MinValue || high == decimal.MaxValue || !IsDigit(high - low) ? (low, high) : ((low + high) / 2, (low + high) / 2);

    private static bool IsDigit(decimal width)
    {
        var digits = width.ToString(System.Globalization.CultureInfo.InvariantCulture).Replace(".", "", StringComparison.Ordinal).Trim('0');
        return digits is "1" or "";
    }

    private static bool Same(SearchValue.Number searched, decimal low, decimal high)
    {
        (low, high) = Kept(low, high);
        return Compare(searched, (double)low, (double)high);
    }

    private static bool Compare(SearchValue.Number searched, double low, double high) => searched.Comparator switch
    {
        Comparator.Equal => low >= searched.Low && low < searched.High && high <= searched.High,
        Comparator.NotEqual => low < searched.Low || low >= searched.High || high > searched.High,
        Comparator.Greater => high > searched.High,
        Comparator.StartsAfter => low > searched.High,
        Comparator.GreaterOrEqual => high >= searched.Low,
        Comparator.Less => low < searched.Low,
        Comparator.EndsBefore => high < searched.Low,
        Comparator.LessOrEqual => low <= searched.High,
        _ => low <= searched.High && high >= searched.Low,
    };

    private static bool SameUnit(SearchValue.Quantity searched, QuantityValue stored)
    {
        return searched.Code is null
            || (searched.System is null ? searched.Code == stored.Code || searched.Code == stored.Unit : searched.Code == stored.Code && searched.System == stored.System);
    }
}
