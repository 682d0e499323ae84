using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>The statement that fetches one page, one row more than asked for: that row says whether there is another page.</summary>
internal static class PageSql
{
    /// <summary>Columns: id, version, last_updated, doc, patient, rid, k0 ...</summary>
    public static SqlStatement Of(SearchPlan plan, AccessPath path)
    {
        if (plan.Contained is { } contained)
        {
            return ContainedSql.Page(plan, contained);
        }

        var sql = new SqlStatement();
        if (path.IsShort)
        {
            sql.Sql("select a.id, a.version, a.last_updated, a.doc, a.patient, a.rid");
            SortSql.AppendKeys(sql, plan, "a");
            sql.Sql(" from ");
            RowSource.Append(sql, plan, path);
            sql.Sql(" a where ");
            SortSql.AppendContinuation(sql, plan, "a");
            sql.Sql(" and ");
            PredicateSql.Append(sql, plan.Match, "a", plan.Type, TermAccess.Filter);
            SortSql.AppendOrderByColumns(sql, plan, null);
            return sql.Sql(" limit ").Value(plan.Count + 1);
        }

        sql.Sql("with ");
        switch (path)
        {
            case AccessPath.All:
                // Materialized, so that the rows are found without regard to the order in which they are wanted.
                sql.Sql("hit as materialized (");
                AppendSelect(sql, plan, TermAccess.Index, null);
                sql.Sql("), page as (select h.* from hit h");
                SortSql.AppendOrderByColumns(sql, plan, "h");
                break;
            case AccessPath.Walk walk:
                sql.Sql("page as materialized (");
                AppendSelect(sql, plan, TermAccess.Filter, walk.Rows);
                SortSql.AppendOrderByExpressions(sql, plan, "a");
                break;
            case AccessPath.Posting posting:
                sql.Sql("page as materialized (");
                AppendPosting(sql, plan, posting);
                SortSql.AppendOrderByExpressions(sql, plan, "a");
                break;
            default:
                sql.Sql("page as materialized (");
                AppendSelect(sql, plan, TermAccess.Filter, null);
                SortSql.AppendOrderByExpressions(sql, plan, "a");
                break;
        }

        sql.Sql(" limit ").Value(plan.Count + 1).Sql(") select t.id, t.version, t.last_updated, t.doc, t.patient, p.* from page p join ")
            .Table(plan.Type).Sql(" t on t.rid = p.rid");
        SortSql.AppendOrderByColumns(sql, plan, "p");
        return sql;
    }

    private static void AppendSelect(SqlStatement sql, SearchPlan plan, TermAccess terms, int? walk)
    {
        sql.Sql("select a.rid");
        SortSql.AppendKeys(sql, plan, "a");
        sql.Sql(" from ");
        if (walk is { } rows)
        {
            sql.Sql("(select w.* from ").Table(plan.Type).Sql(" w where ");
            SortSql.AppendContinuation(sql, plan, "w");
            SortSql.AppendOrderByExpressions(sql, plan, "w");
            sql.Sql(" limit ").Value(rows).Sql(") a where ");
        }
        else
        {
            sql.Table(plan.Type).Sql(" a where ");
            SortSql.AppendContinuation(sql, plan, "a");
            sql.Sql(" and ");
        }

        PredicateSql.Append(sql, plan.Match, "a", plan.Type, terms);
    }

    // The posting has the key and the row number, so that the table is only opened for the rest of the condition.
    private static void AppendPosting(SqlStatement sql, SearchPlan plan, AccessPath.Posting posting)
    {
        sql.Sql("select a.rid");
        SortSql.AppendKeys(sql, plan, "a");
        sql.Sql($" from (select w.rid from {ResourceTables.PostingsOf(plan.Type)} w where w.term = ").Value(posting.Term).Sql(" and ");
        SortSql.AppendContinuation(sql, plan, "w");
        SortSql.AppendOrderByExpressions(sql, plan, "w");
        sql.Sql(" limit ").Value(posting.Rows).Sql(") posted join ").Table(plan.Type).Sql(" a on a.rid = posted.rid where ");
        PredicateSql.Append(sql, plan.Match, "a", plan.Type, TermAccess.Filter);
    }
}
