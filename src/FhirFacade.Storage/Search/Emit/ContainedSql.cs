using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>Conditions on contained resources, and the statements that find them. A row of the table <c>contained</c> is never opened but together with its container's.</summary>
internal static class ContainedSql
{
    /// <summary>The row contains a resource for which the condition holds.</summary>
    public static void Append(SqlStatement sql, Predicate.Contains contains, RowTable container, TermAccess access)
    {
        var rows = new RowTable(sql.Alias(), contains.Type, container);
        sql.Sql($"exists (select 1 from contained {rows.Alias} where ");
        AppendMatch(sql, contains, rows, access);
        sql.Sql(")");
    }

    /// <summary>
    /// Rows to page through: a row for each pair of a container (<c>a</c> is its alias) and what it contains, numbered by the place of the latter. Columns
    /// id, version, last_updated, doc, rid, contained_type, contained_id.
    /// </summary>
    public static void AppendPairs(SqlStatement sql, SearchPlan plan, Predicate.Contains contains)
    {
        var rows = new RowTable("c", contains.Type, new RowTable("a", plan.Type));
        sql.Sql("(select a.id, a.version, a.last_updated, a.doc, a.patient, c.place as rid, c.type as contained_type, c.id as contained_id from contained c join ").Table(plan.Type)
            .Sql(" a on a.rid = c.container_rid where ");
        AppendMatch(sql, contains, rows, TermAccess.Index);
        sql.Sql(" and ");
        PredicateSql.Append(sql, plan.Match, rows.Container!, TermAccess.Index);
        sql.Sql(")");
    }

    /// <summary>The statement that fetches one page of pairs, and one more.</summary>
    public static SqlStatement Page(SearchPlan plan, Predicate.Contains contains)
    {
        var sql = new SqlStatement().Sql("select p.id, p.version, p.last_updated, p.doc, p.patient, p.rid");
        SortSql.AppendKeys(sql, plan, "p");
        sql.Sql(", p.contained_type, p.contained_id from ");
        AppendPairs(sql, plan, contains);
        sql.Sql(" p where ");
        SortSql.AppendContinuation(sql, plan, "p");
        SortSql.AppendOrderByExpressions(sql, plan, "p");
        return sql.Sql(" limit ").Value(plan.Count + 1);
    }

    private static void AppendMatch(SqlStatement sql, Predicate.Contains contains, RowTable rows, TermAccess access)
    {
        sql.Sql($"{rows.Alias}.container_type = ").Value(rows.Container!.Type).Sql($" and {rows.Alias}.container_rid = {rows.Container.Alias}.rid and {rows.Alias}.type = ").Value(contains.Type).Sql(" and ");
        PredicateSql.Append(sql, contains.Resource, rows, access);
    }
}
