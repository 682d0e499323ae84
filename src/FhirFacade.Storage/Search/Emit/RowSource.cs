using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>Where the rows of a type come from that are then looked at one by one.</summary>
internal static class RowSource
{
    /// <summary>The table, or the part of it that the path leads to.</summary>
    public static void Append(SqlStatement sql, SearchPlan plan, AccessPath path)
    {
        switch (path)
        {
            case AccessPath.Patient patient:
                AppendOfPatient(sql, plan, patient);
                break;
            case AccessPath.Rare rare:
                // As below: one way only, whatever else the search asks for.
                sql.Sql("(select n.* from ").Table(plan.Type).Sql(" n where ");
                TermSql.Append(sql, rare.Terms, "n", TermAccess.Index);
                sql.Sql(" offset 0)");
                break;
            default:
                sql.Table(plan.Type);
                break;
        }
    }

    // The rows of one patient, as a table expression. The conditions of the search stay outside (<c>offset 0</c>), so that there is one
    // way only to find the rows, whatever the values are and however many rows the table has. Rows that name the patient but belong to
    // nobody, since they name others as well, have a small inverted index of their own.
    private static void AppendOfPatient(SqlStatement sql, SearchPlan plan, AccessPath.Patient path)
    {
        var table = ResourceTables.NameOf(plan.Type);
        var byDate = plan.Order is [{ Column: SortColumn.MainDate }];
        sql.Sql($"((select w.* from {table} w where w.patient = (select key from patient_key where id = ").Value(path.Id).Sql(")");
        if (byDate)
        {
            sql.Sql(" and ");
            SortSql.AppendContinuation(sql, plan, "w");
            SortSql.AppendOrderByExpressions(sql, plan, "w");
        }

        sql.Sql(" offset 0)");
        if (path.Term is { } term)
        {
            sql.Sql($" union all (select w.* from (select n.* from {table} n where n.patient is null and n.terms @> array[").Value(term).Sql("] offset 0) w");
            if (byDate)
            {
                SortSql.AppendOrderByExpressions(sql, plan, "w");
            }

            sql.Sql(")");
        }

        sql.Sql(")");
    }
}
