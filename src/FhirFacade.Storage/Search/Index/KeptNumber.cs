namespace FhirFacade.Storage.Search.Index;

/// <summary>How a number is kept: as itself, not with the precision that it happens to be written in.</summary>
/// <remarks>
/// R4 gives both the searched and the stored number an implicit precision. Taken literally, a search for 5.0 would miss a
/// stored 5, and <c>gt5</c> would find it. So only the searched number keeps its precision (search.html#number); a true Range keeps its ends.
/// </remarks>
internal static class KeptNumber
{
    /// <summary>The stored ends of a value that lies from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public static (double Low, double High) Of(decimal low, decimal high)
    {
        var (least, greatest) = Exactly(low, high);
        return ((double)least, (double)greatest);
    }

    /// <summary>As <see cref="Of"/>, before the ends become what the database keeps.</summary>
    public static (decimal Low, decimal High) Exactly(decimal low, decimal high)
    {
        // The bounds come first: an open end is the largest decimal, from which nothing can be subtracted.
        if (low > -1_000_000_000_000m && high < 1_000_000_000_000m && low < high && high - low <= 1_000_000_000m)
        {
            // An implicit precision is one unit of the last digit: 5.40 is 5.395 to 5.405. The middle then has no further digit.
            var step = high - low;
            var middle = low + (step / 2);
            if (IsPowerOfTen(step) && middle % step == 0)
            {
                return (middle, middle);
            }
        }

        return (low, high);
    }

    private static bool IsPowerOfTen(decimal step)
    {
        while (step < 1)
        {
            step *= 10;
        }

        while (step > 1 && step % 10 == 0)
        {
            step /= 10;
        }

        return step == 1;
    }
}
