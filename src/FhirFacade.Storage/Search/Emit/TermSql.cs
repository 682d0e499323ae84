using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>Conditions on the array of terms.</summary>
internal static class TermSql
{
    public static void Append(SqlStatement sql, Predicate.HasTerm predicate, string alias, TermAccess access)
    {
        // "is true" keeps the planner from the inverted index, where it would fetch a common term's whole list.
        sql.Sql(access == TermAccess.Filter ? $"({alias}.terms " : $"{alias}.terms ");
        if (predicate.Terms is [var single])
        {
            sql.Sql("@> array[").Value(single).Sql("]");
        }
        else
        {
            sql.Sql("&& ").Value(predicate.Terms);
        }

        sql.Sql(access == TermAccess.Filter ? ") is true" : "");
    }
}
