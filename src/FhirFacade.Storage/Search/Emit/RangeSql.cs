using FhirFacade.Storage.Search.Plan;
using NpgsqlTypes;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>Conditions on the range table: dates that are not the main one, numbers, quantities.</summary>
internal static class RangeSql
{
    public static void Append(SqlStatement sql, Predicate.InRange range, RowTable rows)
    {
        var row = sql.Alias();
        sql.Sql($"exists (select 1 from {rows.Ranges} {row} where {row}.rid = {rows.Alias}.rid and {row}.param = ")
            .Value(range.Parameter)
            .Sql(" and ");
        AppendTest(sql, range.Test, row);
        AppendUnit(sql, range.Unit, row);
        sql.Sql(")");
    }

    /// <summary>Rows of one tuple, one for each range.</summary>
    public static void Append(SqlStatement sql, Predicate.InTuple tuple, RowTable of)
    {
        var rows = tuple.Parts.Select(_ => sql.Alias()).ToList();
        sql.Sql("exists (select 1 from ").Sql(string.Join(", ", rows.Select(row => $"{of.Ranges} {row}"))).Sql(" where ");
        for (var i = 0; i < rows.Count; i++)
        {
            var (row, part) = (rows[i], tuple.Parts[i]);
            sql.Sql($"{(i == 0 ? "" : $" and {row}.tuple = {rows[0]}.tuple and ")}{row}.rid = {of.Alias}.rid and {row}.param = ").Value(part.Parameter)
                .Sql($" and {row}.key = ").Value(tuple.Key).Sql(" and ");
            AppendTest(sql, part.Test, row);
            AppendUnit(sql, part.Unit, row);
        }

        sql.Sql(")");
    }

    private static void AppendTest(SqlStatement sql, RangeTest test, string row)
    {
        if (test.IsDate)
        {
            DateSql.AppendPeriod(sql, row + ".lo", row + ".hi", test.Comparator, bound => Value(bound == Bound.Low ? test.Low : test.High));
            return;
        }

        switch (test.Comparator)
        {
            case Comparator.Equal:
                // The upper end belongs to the next number, unless a range ends there, too.
                Compare($"({row}.lo >= ", test.Low, $" and {row}.lo < ", test.High, $" and {row}.hi <= ", test.High, ")");
                break;
            case Comparator.NotEqual:
                Compare($"({row}.lo < ", test.Low, $" or {row}.lo >= ", test.High, $" or {row}.hi > ", test.High, ")");
                break;
            case Comparator.Greater:
                Compare($"{row}.hi > ", test.High);
                break;
            case Comparator.GreaterOrEqual:
                Compare($"{row}.hi >= ", test.Low);
                break;
            case Comparator.Less:
                Compare($"{row}.lo < ", test.Low);
                break;
            case Comparator.LessOrEqual:
                Compare($"{row}.lo <= ", test.High);
                break;
            case Comparator.StartsAfter:
                Compare($"{row}.lo > ", test.High);
                break;
            case Comparator.EndsBefore:
                Compare($"{row}.hi < ", test.Low);
                break;
            default:
                Compare($"({row}.lo <= ", test.High, $" and {row}.hi >= ", test.Low, ")");
                break;
        }

        void Compare(params object[] parts)
        {
            foreach (var part in parts)
            {
                if (part is double number)
                {
                    Value(number);
                }
                else
                {
                    sql.Sql((string)part);
                }
            }
        }

        void Value(double number) => sql.Value(number, NpgsqlDbType.Double);
    }

    private static void AppendUnit(SqlStatement sql, UnitTest? unit, string row)
    {
        switch (unit)
        {
            case null:
                break;
            case { WithSystem: { } coded }:
                sql.Sql($" and {row}.unit = ").Value(coded);
                break;
            default:
                sql.Sql($" and ({row}.unit_code = ").Value(unit.Code).Sql($" or {row}.unit_name = ").Value(unit.Code).Sql(")");
                break;
        }
    }
}
