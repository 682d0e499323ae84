using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>Comparisons of dates; all ranges are half open: the end is the first instant after.</summary>
internal static class DateSql
{
    private static readonly TimeSpan LongPeriod = TimeSpan.FromDays(31);

    /// <summary>An instant against a searched range.</summary>
    public static void AppendInstant(SqlStatement sql, string column, Comparator comparator, DateTimeOffset low, DateTimeOffset high)
    {
        switch (comparator)
        {
            case Comparator.Equal or Comparator.Approximately:
                sql.Sql($"({column} >= ").Value(low).Sql($" and {column} < ").Value(high).Sql(")");
                break;
            case Comparator.NotEqual:
                sql.Sql($"({column} < ").Value(low).Sql($" or {column} >= ").Value(high).Sql(")");
                break;
            case Comparator.Greater or Comparator.StartsAfter:
                sql.Sql($"{column} >= ").Value(high);
                break;
            case Comparator.GreaterOrEqual:
                sql.Sql($"{column} >= ").Value(low);
                break;
            case Comparator.Less or Comparator.EndsBefore:
                sql.Sql($"{column} < ").Value(low);
                break;
            default:
                sql.Sql($"{column} < ").Value(high);
                break;
        }
    }

    /// <summary>The main date of a row against a searched range; a row without one never matches.</summary>
    public static void AppendPeriod(SqlStatement sql, string alias, Comparator comparator, DateTimeOffset low, DateTimeOffset high)
    {
        sql.Sql("(");
        AppendPeriod(sql, alias + ".date_lo", alias + ".date_hi", comparator, bound => sql.Value(bound == Bound.Low ? low : high));
        DateTimeOffset? endsAfter = comparator switch
        {
            Comparator.Greater => high,
            Comparator.GreaterOrEqual or Comparator.Approximately => low,
            _ => null,
        };
        if (endsAfter is { } end)
        {
            AppendNearStart(sql, alias, end);
        }

        sql.Sql(")");
    }

    // What ends after an instant starts at most a month before it, unless it is one of the few long periods, which have an
    // index of their own. This follows from the comparison; it is said so that the database can find the rows by their start.
    private static void AppendNearStart(SqlStatement sql, string alias, DateTimeOffset end)
    {
        var start = end - DateTimeOffset.MinValue > LongPeriod ? end - LongPeriod : DateTimeOffset.MinValue;
        sql.Sql($" and ({alias}.date_lo > ").Value(start)
            .Sql($" or (case when isfinite({alias}.date_lo) and isfinite({alias}.date_hi) then {alias}.date_hi - {alias}.date_lo > interval '31 days' else {alias}.date_hi is not null end and {alias}.date_hi > ")
            .Value(end).Sql("))");
    }

    /// <summary>A stored range against a searched one.</summary>
    public static void AppendPeriod(SqlStatement sql, string lo, string hi, Comparator comparator, Action<Bound> value)
    {
        switch (comparator)
        {
            case Comparator.Equal:
                // The first two alone let an index on the start find the rows.
                Write($"({lo} >= ", Bound.Low, $" and {lo} < ", Bound.High, $" and {hi} <= ", Bound.High);
                break;
            case Comparator.NotEqual:
                Write($"({lo} < ", Bound.Low, $" or {hi} > ", Bound.High);
                break;
            case Comparator.Greater:
                Write($"({hi} > ", Bound.High);
                break;
            case Comparator.Less:
                Write($"({lo} < ", Bound.Low);
                break;
            case Comparator.GreaterOrEqual:
                Write($"({lo} >= ", Bound.Low, $" or {hi} > ", Bound.High);
                break;
            case Comparator.LessOrEqual:
                Write($"({lo} < ", Bound.Low, $" or {hi} <= ", Bound.High);
                break;
            case Comparator.StartsAfter:
                Write($"({lo} >= ", Bound.High);
                break;
            case Comparator.EndsBefore:
                Write($"({hi} <= ", Bound.Low);
                break;
            default:
                Write($"({lo} < ", Bound.High, $" and {hi} > ", Bound.Low);
                break;
        }

        sql.Sql($") and {hi} is not null)");

        void Write(params object[] parts)
        {
            sql.Sql("(");
            foreach (var part in parts)
            {
                if (part is Bound bound)
                {
                    value(bound);
                }
                else
                {
                    sql.Sql((string)part);
                }
            }
        }
    }
}

/// <summary>Which end of the searched range.</summary>
internal enum Bound
{
    /// <summary>Its start.</summary>
    Low,

    /// <summary>Its end.</summary>
    High,
}
