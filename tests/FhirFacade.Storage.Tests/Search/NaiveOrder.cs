using System.Collections.Immutable;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>Sorts by the keys of a search; what has no value is lowest, and ties follow the order of storing.</summary>
internal static class NaiveOrder
{
    public static ImmutableArray<NaiveResource> Sort(IEnumerable<NaiveResource> found, SearchQuery query, bool byName = false)
    {
        var sorted = found.ToList();
        sorted.Sort((a, b) =>
        {
            foreach (var key in query.Sort)
            {
                var difference = Compare(Key(a, key), Key(b, key));
                if (difference != 0)
                {
                    return key.Descending ? -difference : difference;
                }
            }

            var tie = byName && a.Type != b.Type ? string.CompareOrdinal(a.Type, b.Type) : a.Position - b.Position;
            return query.Sort.Length > 0 && query.Sort[^1].Descending ? -tie : tie;
        });
        return [.. sorted];
    }

    private static int Compare(object a, object b) => a is string text ? string.CompareOrdinal(text, (string)b) : ((IComparable)a).CompareTo(b);

    private static object Key(NaiveResource resource, SortKey key)
    {
        var code = key.Parameter.Code;
        switch (key.Parameter.Type)
        {
            case SearchParameterType.Token when code == "_id":
                return resource.Id;
            case SearchParameterType.Token or SearchParameterType.Reference or SearchParameterType.Uri:
                var written = resource.Values.Where(v => v.Parameter == code).Select(Text).Where(t => t.Length > 0).DefaultIfEmpty("").Order(StringComparer.Ordinal).ToList();
                return key.Descending ? written[^1] : written[0];
            case SearchParameterType.Date when code == "_lastUpdated":
                return resource.LastUpdated;
            case SearchParameterType.Date:
                var dates = resource.Dates(code).Select(d => d.Low).DefaultIfEmpty(DateTimeOffset.MinValue).ToList();
                return key.Descending ? dates.Max() : dates.Min();
            case SearchParameterType.String:
                var texts = resource.Values.OfType<StringValue>().Where(v => v.Parameter == code).Select(v => NormalText.Of(v.Text))
                    .Where(t => t.Length > 0).DefaultIfEmpty("").Order(StringComparer.Ordinal).ToList();
                return key.Descending ? texts[^1] : texts[0];
            default:
                var numbers = resource.Values.Where(v => v.Parameter == code)
                    .Select(v => v is QuantityValue q ? Kept(q.Low, q.High) : v is NumberValue n ? Kept(n.Low, n.High) : double.NegativeInfinity)
                    .DefaultIfEmpty(double.NegativeInfinity).ToList();
                return key.Descending ? numbers.Max() : numbers.Min();
        }
    }

    private static double Kept(decimal low, decimal high) => KeptNumber.Of(low, high).Low;

    private static string Text(IndexValue value) => value switch
    {
        TokenValue token => token.Code,
        ReferenceValue reference => reference.TargetType + "/" + reference.TargetId,
        ExternalReferenceValue external => external.Url,
        UriValue uri => uri.Uri,
        _ => "",
    };
}
