using System.Collections.Immutable;
using System.Globalization;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Plan;
using NpgsqlTypes;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>Sort keys as columns <c>k0</c>, <c>k1</c> ..., the order by them, and the condition that continues after a row.</summary>
internal static class SortSql
{
    /// <summary>The keys of a row, each as an expression that is never null.</summary>
    public static void AppendKeys(SqlStatement sql, SearchPlan plan, string alias)
    {
        for (var i = 0; i < plan.Order.Length; i++)
        {
            sql.Sql(", ");
            AppendKey(sql, plan.Order[i], plan.Type, alias);
            sql.Sql(string.Create(CultureInfo.InvariantCulture, $" as k{i}"));
        }
    }

    /// <summary>Whether the order is that of an index, so that rows can be walked in it without being sorted.</summary>
    public static bool IsIndexed(SearchPlan plan) =>
        plan.Order.IsEmpty || plan.Order is [{ Column: SortColumn.Id or SortColumn.LastUpdated or SortColumn.MainDate }];

    /// <summary>The order by keys written out, for a walk along an index.</summary>
    public static void AppendOrderByExpressions(SqlStatement sql, SearchPlan plan, string alias)
    {
        sql.Sql(" order by ");
        foreach (var order in plan.Order)
        {
            AppendKey(sql, order, plan.Type, alias);
            sql.Sql(Direction(order.Descending, plan)).Sql(", ");
        }

        sql.Sql($"{alias}.rid").Sql(Direction(LastDescending(plan), plan));
    }

    /// <summary>The order by key columns of a subselect, or of the statement itself.</summary>
    public static void AppendOrderByColumns(SqlStatement sql, SearchPlan plan, string? alias)
    {
        var of = alias is null ? "" : alias + ".";
        sql.Sql(" order by ");
        for (var i = 0; i < plan.Order.Length; i++)
        {
            sql.Sql(string.Create(CultureInfo.InvariantCulture, $"{of}k{i}")).Sql(Direction(plan.Order[i].Descending, plan)).Sql(", ");
        }

        sql.Sql($"{of}rid").Sql(Direction(LastDescending(plan), plan));
    }

    /// <summary>The rows beyond the one that the cursor names.</summary>
    public static void AppendContinuation(SqlStatement sql, SearchPlan plan, string alias)
    {
        if (plan.From is not { } from)
        {
            sql.Sql("true");
            return;
        }

        var directions = plan.Order.Select(o => o.Descending).Append(LastDescending(plan)).ToArray();
        if (directions.Distinct().Count() == 1)
        {
            sql.Sql("(");
            AppendKeyList(plan.Order.Length);
            sql.Sql(Beyond(directions[0]) + "(");
            for (var i = 0; i < plan.Order.Length; i++)
            {
                AppendCursorKey(sql, plan.Order[i], from.Keys[i]);
                sql.Sql(", ");
            }

            sql.Value(from.Rid).Sql(")");
            return;
        }

        sql.Sql("(");
        for (var last = 0; last < directions.Length; last++)
        {
            sql.Sql(last == 0 ? "(" : " or (");
            for (var i = 0; i <= last; i++)
            {
                sql.Sql(i == 0 ? "" : " and ");
                AppendOneKey(i);
                sql.Sql(i < last ? " = " : Beyond(directions[i]));
                AppendOneValue(i);
            }

            sql.Sql(")");
        }

        sql.Sql(")");

        void AppendKeyList(int keys)
        {
            for (var i = 0; i < keys; i++)
            {
                AppendOneKey(i);
                sql.Sql(", ");
            }

            sql.Sql($"{alias}.rid)");
        }

        void AppendOneKey(int i)
        {
            if (i < plan.Order.Length)
            {
                AppendKey(sql, plan.Order[i], plan.Type, alias);
            }
            else
            {
                sql.Sql($"{alias}.rid");
            }
        }

        void AppendOneValue(int i)
        {
            if (i < plan.Order.Length)
            {
                AppendCursorKey(sql, plan.Order[i], from.Keys[i]);
            }
            else
            {
                sql.Value(from.Rid);
            }
        }

        string Beyond(bool descending) => descending == from.Backward ? " > " : " < ";
    }

    /// <summary>Ties are broken in the direction of the last key, so that an index on key and row number serves both ways.</summary>
    public static bool LastDescending(SearchPlan plan) => !plan.Order.IsEmpty && plan.Order[^1].Descending;

    private static string Direction(bool descending, SearchPlan plan) => descending != (plan.From?.Backward ?? false) ? " desc" : "";

    private static void AppendKey(SqlStatement sql, SortOrder order, string type, string alias)
    {
        switch (order.Column)
        {
            case SortColumn.Id:
                sql.Sql($"{alias}.id");
                break;
            case SortColumn.LastUpdated:
                sql.Sql($"{alias}.last_updated");
                break;
            case SortColumn.MainDate:
                sql.Sql($"{alias}.date_lo");
                break;
            case SortColumn.Computed:
                sql.Sql("''");
                break;
            case SortColumn.Range:
                AppendSideKey(ResourceTables.RangesOf(type), "lo", "'-infinity'::float8");
                break;
            default:
                AppendSideKey(ResourceTables.TextsOf(type), "value", "''");
                break;
        }

        void AppendSideKey(string table, string column, string ofNone)
        {
            var row = sql.Alias();
            sql.Sql($"coalesce((select {(order.Descending ? "max" : "min")}({row}.{column}) from {table} {row} where {row}.rid = {alias}.rid and {row}.param = ")
                .Value(order.Parameter)
                .Sql($"), {ofNone})");
        }
    }

    private static void AppendCursorKey(SqlStatement sql, SortOrder order, string key)
    {
        switch (order.Column)
        {
            case SortColumn.Id or SortColumn.Text or SortColumn.Computed:
                sql.Value(key);
                break;
            case SortColumn.Range:
                sql.Value(double.Parse(key, CultureInfo.InvariantCulture), NpgsqlDbType.Double);
                break;
            default:
                sql.Value(new DateTimeOffset(long.Parse(key, CultureInfo.InvariantCulture), TimeSpan.Zero));
                break;
        }
    }
}
