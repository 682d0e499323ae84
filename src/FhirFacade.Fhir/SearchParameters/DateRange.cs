using FhirFacade.Fhir.FhirPath.Values;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>The instants that a date as written may stand for: https://hl7.org/fhir/R4/search.html#date</summary>
/// <param name="Low">The first.</param>
/// <param name="High">The first after them; always later than <see cref="Low"/>.</param>
public readonly record struct DateRange(DateTimeOffset Low, DateTimeOffset High)
{
    /// <summary>
    /// Reads a FHIR date, dateTime or instant of any precision; without an offset it is UTC. False for anything else, also
    /// for days that no calendar has.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateRange range)
    {
        range = default;
        if (!PartialDateTime.TryParse(text, out var time))
        {
            return false;
        }

        var (low, high) = time.Range();
        range = new DateRange(low, high);
        return low < high;
    }
}
