using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>The condition that a grant puts on the rows of a table, for statements that are not searches.</summary>
public static class GrantSql
{
    /// <summary>
    /// Adds the condition as a boolean expression, fit to follow <c>where</c> or <c>and</c>. Where the grant opens nothing it
    /// is <c>false</c>, so that a caller who forgets to look at the result still gets no row.
    /// </summary>
    /// <param name="sql">The statement.</param>
    /// <param name="grant">Who asks.</param>
    /// <param name="type">The resource type of the rows.</param>
    /// <param name="needed">What is to be done with them.</param>
    /// <param name="alias">The alias of the table of current versions of that type.</param>
    /// <param name="isWritten">Whether the grant has just written the rows.</param>
    /// <returns>False if the grant opens nothing of the type.</returns>
    public static bool AppendCurrent(SqlStatement sql, AccessGrant grant, string type, Interactions needed, string alias, bool isWritten = false)
    {
        var predicate = GrantPredicate.Of(grant, type, needed, isWritten);
        PredicateSql.Append(sql, predicate, alias, type, TermAccess.Filter);
        return predicate is not Predicate.Never;
    }

    /// <summary>
    /// The same for the table of earlier versions: each is judged by its own patient and its own terms, and is closed where a label closes the newest one:
    /// whoever labels a resource means what it said before, too. A filter that needs more than those opens nothing there.
    /// </summary>
    public static bool AppendHistory(SqlStatement sql, AccessGrant grant, string type, Interactions needed, string alias)
    {
        var predicate = OnHistory(GrantPredicate.Of(grant, type, needed));
        PredicateSql.Append(sql, predicate, alias, type, TermAccess.Filter);
        if (predicate is not Predicate.Never && grant.For(type, needed, Enforcement.All) is TypeAccess.Restricted restricted)
        {
            AppendNewestLabels(sql, Predicate.AnyOf(restricted.Denials.Where(denial => denial.Filter?.StartsWith("_security=", StringComparison.Ordinal) == true).Select(denial => DenialPredicate.Of(denial, type))), type, alias);
        }

        return predicate is not Predicate.Never;
    }

    private static void AppendNewestLabels(SqlStatement sql, Predicate closed, string type, string alias)
    {
        if (closed is Predicate.Never)
        {
            return;
        }

        sql.Sql(" and not exists (select from ").Table(type).Sql($" newest where newest.id = {alias}.id and ");
        PredicateSql.Append(sql, closed, "newest", type, TermAccess.Filter);
        sql.Sql(") and not exists (select from history newest where newest.type = ").Value(type).Sql($" and newest.id = {alias}.id and newest.version > {alias}.version and newest.deleted and ");
        PredicateSql.Append(sql, closed, "newest", type, TermAccess.Filter);
        sql.Sql(")");
    }

    private static Predicate OnHistory(Predicate predicate) => predicate switch
    {
        Predicate.Any any => Predicate.AnyOf(any.Parts.Select(OnHistory)),
        Predicate.All all => Predicate.AllOf(all.Parts.Select(OnHistory)),
        Predicate.Not not => IsOfVersion(not.Inner) ? not : new Predicate.Never(),
        Predicate.Always or Predicate.Never or Predicate.HasTerm or Predicate.IdIs or Predicate.OfPatient or Predicate.InReach or Predicate.Consented or Predicate.InOpenContext or Predicate.LastUpdated => predicate,
        _ => new Predicate.Never(),
    };

    private static bool IsOfVersion(Predicate predicate) => predicate switch
    {
        Predicate.Any any => any.Parts.All(IsOfVersion),
        Predicate.All all => all.Parts.All(IsOfVersion),
        Predicate.Not not => IsOfVersion(not.Inner),
        _ => OnHistory(predicate) is not Predicate.Never || predicate is Predicate.Never,
    };
}
