using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>Dates of a search: <c>2024</c> to <c>ge2024-05-01T10:00:00.000+02:00</c>. Without an offset they are UTC.</summary>
internal static class DateValueParser
{
    /// <summary>The value, or null if it is no date.</summary>
    /// <param name="text">Prefix and date.</param>
    /// <param name="now">What <c>ap</c> measures from: a tenth of the distance is about the same.</param>
    public static SearchValue.Date? Parse(string text, DateTimeOffset now)
    {
        var (comparator, rest) = Prefixes.Split(text);

        // A plus sign that nobody encoded arrives as a space.
        if (!DateRange.TryParse(rest.Replace(' ', '+'), out var range))
        {
            return null;
        }

        var (low, high) = range;
        if (comparator == Comparator.Approximately)
        {
            var middle = low + ((high - low) / 2);
            var slack = (now - middle).Duration() / 10;
            low = low - DateTimeOffset.MinValue > slack ? low - slack : DateTimeOffset.MinValue;
            high = DateTimeOffset.MaxValue - high > slack ? high + slack : DateTimeOffset.MaxValue;
        }

        return new SearchValue.Date(comparator, low, high);
    }
}
