using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>
/// Whom a user reaches, as a condition on the patient of a row: judged by what is stored at this moment, so that who joins or leaves
/// a care team sees the difference at the next request.
/// </summary>
/// <remarks>The inverted index finds the rows that may say so; what they say is then compared as text, because a hash decides nobody's rights.</remarks>
internal static class ReachSql
{
    public static void Append(SqlStatement sql, Predicate.InReach reach, string alias, string type)
    {
        var (user, among) = (reach.User, reach.Among);
        // A Patient may name other patients; it belongs to itself.
        sql.Sql(type == "Patient" ? $"{alias}.id in (select id from patient_key where key in (" : $"{alias}.patient in (");
        switch (user)
        {
            case { Type: "RelatedPerson" }:
                sql.Sql("select patient from ").Table("RelatedPerson").Sql(" where id = ").Value(user.Id)
                    .Sql(" and patient is not null and doc ->> 'active' is distinct from 'false'");
                break;
            case { Type: "Practitioner", Relation: UserRelation.CareTeam or UserRelation.Organization }:
                AppendCareTeams(sql, user.Reference, among);
                if (user.Relation == UserRelation.Organization)
                {
                    AppendOrganizations(sql, user, among);
                }
                break;
            default:
                sql.Sql("select null::bigint where false");
                break;
        }

        sql.Sql(type == "Patient" ? "))" : ")");
    }

    private static void AppendCareTeams(SqlStatement sql, string user, string? among)
    {
        OfPatients(sql.Sql("select patient from ").Table("CareTeam"), among).Sql(" and terms && ").Value(Term("participant", user))
            .Sql(" and coalesce(doc ->> 'status', 'active') in ('active', 'suspended')")
            .Sql(" and exists (select from json_array_elements(doc -> 'participant') p where p -> 'member' ->> 'reference' = ").Value(user)
            .Sql(" and coalesce(nullif(left(p -> 'period' ->> 'end', 10), ''), '9999') >= to_char(now(), 'YYYY-MM-DD'))");
        OfPatients(sql.Sql(" union all select patient from ").Table("Encounter"), among).Sql(" and terms && ").Value(Term("participant", user))
            .Sql(" and doc ->> 'status' not in ('cancelled', 'entered-in-error')")
            .Sql(" and exists (select from json_array_elements(doc -> 'participant') p where p -> 'individual' ->> 'reference' = ").Value(user).Sql(")");
        Patients(sql.Sql(" union all select k.key from "), among).Sql(" and p.terms && ").Value(Term("general-practitioner", user))
            .Sql(" and exists (select from json_array_elements(p.doc -> 'generalPractitioner') g where g ->> 'reference' = ").Value(user).Sql(")");
    }

    private static void AppendOrganizations(SqlStatement sql, UserReach user, string? among)
    {
        Patients(sql.Sql(" union all select k.key from "), among).Sql(" and p.terms && ");
        AppendTerms(sql, "organization", user);
        sql.Sql(" and p.doc -> 'managingOrganization' ->> 'reference' in (");
        AppendReferences(sql, user);
        OfPatients(sql.Sql(") union all select patient from ").Table("Encounter"), among).Sql(" and terms && ");
        AppendTerms(sql, "service-provider", user);
        sql.Sql(" and doc ->> 'status' not in ('cancelled', 'entered-in-error') and doc -> 'serviceProvider' ->> 'reference' in (");
        AppendReferences(sql, user);
        sql.Sql(")");
    }

    // Where one patient alone comes into question, what makes the reach is looked for among that patient's rows.
    private static SqlStatement OfPatients(SqlStatement sql, string? among) => among is null
        ? sql.Sql(" where patient is not null")
        : sql.Sql(" where patient = (select key from patient_key where id = ").Value(among).Sql(")");

    private static SqlStatement Patients(SqlStatement sql, string? among)
    {
        sql.Table("Patient").Sql(" p join patient_key k on k.id = p.id where ");
        return among is null ? sql.Sql("true") : sql.Sql("p.id = ").Value(among);
    }

    private static void AppendTerms(SqlStatement sql, string parameter, UserReach user)
    {
        sql.Sql("(select coalesce(array_agg(o.ref_hash # ").Value(Terms.ReferenceConstant(parameter)).Sql("), '{}') from ").Table("Organization").Sql(" o where 'Organization/' || o.id in (");
        AppendReferences(sql, user);
        sql.Sql("))");
    }

    private static void AppendReferences(SqlStatement sql, UserReach user)
    {
        sql.Sql("select r.doc -> 'organization' ->> 'reference' from ").Table("PractitionerRole").Sql(" r where r.terms && ").Value(Term("practitioner", user.Reference))
            .Sql(" and r.doc -> 'practitioner' ->> 'reference' = ").Value(user.Reference).Sql(" and r.doc ->> 'active' is distinct from 'false'");
    }

    private static long[] Term(string parameter, string user)
    {
        var slash = user.IndexOf('/', StringComparison.Ordinal);
        return [Terms.Reference(parameter, user[..slash], user[(slash + 1)..])];
    }
}
