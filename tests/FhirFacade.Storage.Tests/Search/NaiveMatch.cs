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
            SearchValue.Token token when modifier == SearchModifier.Identifier => found.OfType<IdentifierReferenceValue>().Any(v => Same(token, v.System, v.Value)),
            SearchValue.Token token => found.OfType<TokenValue>().Any(v => Same(token, v.System, v.Code)),
            SearchValue.Text text => found.OfType<StringValue>().Any(v => Same(text.Value, modifier, v.Text)),
            SearchValue.Date date when parameter.Code == "_lastUpdated" => Compare(date.Comparator, resource.LastUpdated, resource.LastUpdated.AddTicks(1), date.Low, date.High),
            SearchValue.Date date => resource.Dates(parameter.Code).Any(v => Compare(date.Comparator, v.Low, v.High, date.Low, date.High)),
            SearchValue.Number number => found.OfType<NumberValue>().Any(v => Same(number, (v.Low + v.High) / 2)),
            SearchValue.Quantity quantity => found.OfType<QuantityValue>().Any(v => Same(quantity.Amount, (v.Low + v.High) / 2) && SameUnit(quantity, v)),
            SearchValue.Reference reference => found.OfType<ReferenceValue>().Any(v => v.TargetId == reference.Id
                && (reference.Type is null ? parameter.Targets.Contains(v.TargetType) : v.TargetType == reference.Type)),
            SearchValue.Uri uri => found.Any(v => v is UriValue u ? u.Uri == uri.Value : v is ExternalReferenceValue e && e.Url == uri.Value),
            _ => throw new InvalidOperationException(),
        };
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

    private static bool Same(SearchValue.Number searched, decimal stored)
    {
        var value = (double)stored;
        return searched.Comparator switch
        {
            Comparator.Equal => value >= searched.Low && value < searched.High,
            Comparator.NotEqual => value < searched.Low || value >= searched.High,
            Comparator.Greater or Comparator.StartsAfter => value > searched.High,
            Comparator.GreaterOrEqual => value >= searched.Low,
            Comparator.Less or Comparator.EndsBefore => value < searched.Low,
            Comparator.LessOrEqual => value <= searched.High,
            _ => value >= searched.Low && value <= searched.High,
        };
    }

    private static bool SameUnit(SearchValue.Quantity searched, QuantityValue stored)
    {
        return searched.Code is null
            || (searched.System is null ? searched.Code == stored.Code || searched.Code == stored.Unit : searched.Code == stored.Code && searched.System == stored.System);
    }
}
