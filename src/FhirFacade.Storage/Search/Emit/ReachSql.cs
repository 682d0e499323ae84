using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>
/// Whom a user reaches, as a condition on the patient of a row: judged by what is stored at this moment (tables <c>reach</c> and <c>reach_role</c>, migration 0270), so that
/// who joins or leaves a care team sees the difference at the next request. A Patient's row belongs to itself.
/// </summary>
internal static class ReachSql
{
    public static void Append(SqlStatement sql, Predicate.InReach reach, string alias, TermAccess access)
    {
        if (!HasRows(reach.User))
        {
            sql.Sql("false");
            return;
        }

        // A name that nobody has given to a table yet: whoever's patient it is compared with, it is not its own.
        var row = sql.Alias();
        if (reach.Among is { } among)
        {
            // Asked once, whatever the number of rows.
            AppendRows(sql.Sql($"{alias}.patient = (select {row}.patient from "), reach.User, row)
                .Sql($" and {row}.patient = (select key from patient_key where id = ").Value(among).Sql(") limit 1)");
        }
        else if (access == TermAccess.Filter)
        {
            // "is true" keeps it from becoming a join: of few rows each is looked up in the index, for many all patients are hashed.
            AppendRows(sql.Sql("(exists (select from "), reach.User, row).Sql($" and {row}.patient = {alias}.patient)) is true");
        }
        else
        {
            AppendRows(sql.Sql($"{alias}.patient in (select {row}.patient from "), reach.User, row).Sql(")");
        }
    }

    private static bool HasRows(UserReach user) => user is { Type: "RelatedPerson" } or { Type: "Practitioner", Relation: UserRelation.CareTeam or UserRelation.Organization };

    private static SqlStatement AppendRows(SqlStatement sql, UserReach user, string row)
    {
        sql.Sql($"reach {row} where {row}.who = ");
        if (user is { Type: "Practitioner", Relation: UserRelation.Organization })
        {
            // Of an organisation that is not there nobody has a role.
            var (role, organization) = (sql.Alias(), sql.Alias());
            sql.Sql("any(array(select ").Value(user.Reference).Sql($" union all select {role}.organization from reach_role {role} join ").Table("Organization")
                .Sql($" {organization} on {organization}.id = substr({role}.organization, 14) where {role}.who = ").Value(user.Reference).Sql("))");
        }
        else
        {
            sql.Value(user.Reference);
        }

        return sql.Sql($" and {row}.until >= to_char(now(), 'YYYY-MM-DD')");
    }
}
