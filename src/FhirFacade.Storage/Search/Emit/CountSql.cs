using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>The statement that counts the matches that the grant opens, up to a bound.</summary>
internal static class CountSql
{
    public static SqlStatement Of(SearchPlan plan, AccessPath path, int bound)
    {
        var sql = new SqlStatement();
        sql.Sql("select count(*) from (select 1 from ").Table(plan.Type).Sql(" a where ");
        PredicateSql.Append(sql, plan.Match, "a", plan.Type, path is AccessPath.Few ? TermAccess.Filter : TermAccess.Index);
        sql.Sql(" limit ").Value(bound + 1).Sql(") counted");
        return sql;
    }
}
