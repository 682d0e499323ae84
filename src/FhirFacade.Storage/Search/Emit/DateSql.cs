using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>Comparisons of dates; all ranges are half open: the end is the first instant after.</summary>
internal static class DateSql
{
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
        AppendPeriod(sql, alias + ".date_lo", alias + ".date_hi", comparator, bound => sql.Value(bound == Bound.Low ? low : high));
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
