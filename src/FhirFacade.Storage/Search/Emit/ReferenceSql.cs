using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>
/// Conditions that reach into the table of another type. The inner predicate carries what the grant says about that table,
/// so that a row that may not be seen cannot be told from one that is not there.
/// </summary>
internal static class ReferenceSql
{
    /// <summary>A chain: this row refers to one of the target rows.</summary>
    public static void Append(SqlStatement sql, Predicate.RefersTo chain, string alias, TermAccess access)
    {
        var target = sql.Alias();
        if (access == TermAccess.Index)
        {
            // All targets, then all rows that refer to them.
            sql.Sql($"{alias}.terms && coalesce((select array_agg({target}.ref_hash # ").Value(chain.ReferenceConstant)
                .Sql(") from ").Table(chain.TargetType).Sql($" {target} where ");
            PredicateSql.Append(sql, chain.Target, target, chain.TargetType, TermAccess.Index);
            sql.Sql("), '{}')");
        }
        else
        {
            // From each row to what it refers to. Terms of other parameters become numbers that are no resource's hash.
            var term = sql.Alias();
            sql.Sql($"exists (select 1 from unnest({alias}.terms) {term} join ").Table(chain.TargetType)
                .Sql($" {target} on {target}.ref_hash = {term} # ").Value(chain.ReferenceConstant).Sql(" where ");
            PredicateSql.Append(sql, chain.Target, target, chain.TargetType, TermAccess.Filter);
            sql.Sql(")");
        }
    }

    /// <summary>A reverse chain: one of the source rows refers to this row.</summary>
    public static void Append(SqlStatement sql, Predicate.ReferredToBy reverse, string alias, TermAccess access)
    {
        var source = sql.Alias();
        if (access == TermAccess.Index)
        {
            // All sources, then all rows that they refer to; as above for the terms of other parameters.
            var term = sql.Alias();
            sql.Sql($"{alias}.ref_hash in (select {term} # ").Value(reverse.ReferenceConstant)
                .Sql(" from ").Table(reverse.SourceType).Sql($" {source}, unnest({source}.terms) {term} where ");
        }
        else
        {
            // From each row to what refers to it.
            sql.Sql("exists (select 1 from ").Table(reverse.SourceType)
                .Sql($" {source} where {source}.terms @> array[{alias}.ref_hash # ").Value(reverse.ReferenceConstant).Sql("] and ");
        }

        PredicateSql.Append(sql, reverse.Source, source, reverse.SourceType, TermAccess.Index);
        sql.Sql(")");
    }
}
