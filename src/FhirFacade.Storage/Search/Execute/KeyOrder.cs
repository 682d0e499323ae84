using System.Collections.Immutable;
using System.Globalization;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>
/// The order of a search outside of the database: by keys, then by the plan's name (its type), then by row number, the last two in the direction of the last key.
/// Two plans of one search of several types may keep the same key in different columns.
/// </summary>
internal static class KeyOrder
{
    /// <summary>Compares two rows of the plans of one search.</summary>
    public static int Compare(SearchPlan first, MatchRow left, SearchPlan second, MatchRow right)
    {
        for (var i = 0; i < first.Order.Length; i++)
        {
            var difference = Compare(first.Order[i].Column, left.Keys[i], second.Order[i].Column, right.Keys[i]);
            if (difference != 0)
            {
                return first.Order[i].Descending ? -difference : difference;
            }
        }

        var tie = string.CompareOrdinal(first.Name, second.Name);
        tie = tie == 0 ? left.Rid.CompareTo(right.Rid) : tie;
        return SortSql.LastDescending(first) ? -tie : tie;
    }

    /// <summary>The keys of a row of one plan in the words of another.</summary>
    public static ImmutableArray<string> Translate(SearchPlan from, ImmutableArray<string> keys, SearchPlan to) =>
        [.. keys.Select((key, i) => from.Order[i].Column == to.Order[i].Column ? key : Write(to.Order[i].Column, Number(from.Order[i].Column, key)))];

    private static int Compare(SortColumn first, string left, SortColumn second, string right) => first switch
    {
        SortColumn.Id or SortColumn.Text or SortColumn.Computed => string.CompareOrdinal(left, right),
        _ => Number(first, left).CompareTo(Number(second, right)),
    };

    private static double Number(SortColumn column, string key) => column == SortColumn.Range
        ? double.Parse(key, CultureInfo.InvariantCulture)
        : DateScale.Of(new DateTimeOffset(long.Parse(key, CultureInfo.InvariantCulture), TimeSpan.Zero));

    private static string Write(SortColumn column, double number) => column == SortColumn.Range
        ? number.ToString("R", CultureInfo.InvariantCulture)
        : (double.IsNegativeInfinity(number) ? DateTimeOffset.MinValue.UtcTicks
            : double.IsPositiveInfinity(number) ? DateTimeOffset.MaxValue.UtcTicks
            : DateTime.UnixEpoch.Ticks + ((long)number * TimeSpan.TicksPerMicrosecond)).ToString(CultureInfo.InvariantCulture);
}
