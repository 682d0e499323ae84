using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>Whether a Binary may be seen by what it belongs to: <c>Binary.securityContext</c>, and the resources that show it (<see cref="AttachmentTerms"/>).</summary>
internal static class ContextSql
{
    /// <summary>For rows of current and of earlier versions. What is named and is not there, or of a type that is not known, closes.</summary>
    public static void Append(SqlStatement sql, Predicate.InOpenContext context, string alias)
    {
        // Of a deletion, what it ended tells.
        sql.Sql($"(select case when named.context is null then true else ");
        for (var i = 0; i < context.Types.Length; i++)
        {
            var (type, open) = context.Types[i];
            var target = sql.Alias();
            sql.Sql(i == 0 ? "" : " or ").Sql($"split_part(named.reference, '/', 1) = ").Value(type).Sql(" and exists (select from ").Table(type)
                .Sql($" {target} where {target}.id = split_part(named.reference, '/', 2) and ");
            PredicateSql.Append(sql, open, target, type, TermAccess.Filter);
            sql.Sql(")");
        }

        sql.Sql(" end from (select context, context ->> 'reference' as reference from (select coalesce(")
            .Sql($"{alias}.doc, (select p.doc from history p where p.type = 'Binary' and p.id = {alias}.id and p.version = {alias}.version - 1)) -> 'securityContext' as context) found) named)");
        foreach (var (type, open) in context.Types.Where(type => AttachmentTerms.Shows(type.Key) && type.Value is not Predicate.Always))
        {
            var shown = sql.Alias();
            sql.Sql(" and not exists (select from ").Table(type).Sql($" {shown} where {shown}.terms @> array[resource_hash('Binary', {alias}.id) # ").Value(AttachmentTerms.Constant)
                .Sql("] and (");
            PredicateSql.Append(sql, open, shown, type, TermAccess.Filter);
            sql.Sql(") is not true)");
        }
    }
}
