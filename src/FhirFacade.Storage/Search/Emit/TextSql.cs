using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>Conditions on the text table.</summary>
internal static class TextSql
{
    public static void Append(SqlStatement sql, Predicate.TextHas text, string alias, string type)
    {
        var row = sql.Alias();
        sql.Sql($"exists (select 1 from {ResourceTables.TextsOf(type)} {row} where {row}.rid = {alias}.rid and {row}.param = ")
            .Value(text.Parameter);
        if (text.OnlyAtWordStart)
        {
            // A space before the text turns "at the beginning" into "after a space".
            sql.Sql($" and strpos(' ' || {row}.value, ").Value(" " + text.Normalised).Sql(") > 0)");
        }
        else
        {
            sql.Sql($" and strpos({row}.value, ").Value(text.Normalised).Sql(") > 0)");
        }
    }
}
