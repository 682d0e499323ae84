using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>The statement that counts the matches that the grant opens, up to a bound.</summary>
internal static class CountSql
{
    public static SqlStatement Of(SearchPlan plan, AccessPath path, int bound)
    {
        var all = plan with { From = null, Order = [] };
        var sql = new SqlStatement();
        sql.Sql("select count(*) from (select 1 from ");
        if (plan.Contained is { } contained)
        {
            ContainedSql.AppendPairs(sql, all, contained);
            return sql.Sql(" p limit ").Value(bound + 1).Sql(") counted");
        }

        RowSource.Append(sql, all, path);
        sql.Sql(" a where ");
        PredicateSql.Append(sql, plan.Match, "a", plan.Type, path.IsShort ? TermAccess.Filter : TermAccess.Index);
        sql.Sql(" limit ").Value(bound + 1).Sql(") counted");
        return sql;
    }
}
