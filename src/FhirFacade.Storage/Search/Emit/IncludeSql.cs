using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>The statements that fetch included resources. Each opens one table, with the grant's condition on it.</summary>
internal static class IncludeSql
{
    /// <summary>Resources by id (<c>_include</c>); null if the grant opens nothing of the type. Columns: id, version, last_updated, doc.</summary>
    public static SqlStatement? ById(string type, IReadOnlyCollection<string> ids, AccessGrant grant, int limit)
    {
        return Select(type, grant, Interactions.Read, TermAccess.Filter, limit, new Predicate.IdIs([.. ids]));
    }

    /// <summary>Resources that have one of the terms (<c>_revinclude</c>); null if the grant opens nothing of the type.</summary>
    public static SqlStatement? ByTerm(string type, IReadOnlyCollection<long> terms, AccessGrant grant, int limit)
    {
        return Select(type, grant, Interactions.Search, TermAccess.Index, limit, new Predicate.HasTerm([.. terms]));
    }

    private static SqlStatement? Select(string type, AccessGrant grant, Interactions needed, TermAccess access, int limit, Predicate wanted)
    {
        var match = Predicate.AllOf([GrantPredicate.Of(grant, type, needed), wanted]);
        if (match is Predicate.Never)
        {
            return null;
        }

        var sql = new SqlStatement().Sql("select a.id, a.version, a.last_updated, a.doc, a.patient from ").Table(type).Sql(" a where ");
        PredicateSql.Append(sql, match, "a", type, access);
        return sql.Sql(" order by a.rid limit ").Value(limit);
    }
}
