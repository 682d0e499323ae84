using FhirFacade.Fhir.Consents;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Plan;
using NpgsqlTypes;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>
/// Whether the consents that are stored at this moment leave a row open (<c>consent_open</c>, migrations 0245 and 0246). Where there are none, one look at an empty table
/// answers for the whole statement; a patient without any costs a look into an index.
/// </summary>
internal static class ConsentSql
{
    private const string Nobody = "not exists (select from consent_rule)";

    public static void Append(SqlStatement sql, ConsentQuestion question, string alias, string type, TermAccess access)
    {
        if (question.IsOptIn)
        {
            // Where hardly anybody has consented a search may look at very many rows: most are closed without a question, by a look into an index, or where all rows are gone through by a look into
            // a table that is made once a statement.
            sql.Sql($"case when {(access == TermAccess.Index ? $"{alias}.patient is not null and {alias}.patient not in (select c.patient from consent_rule c where c.node = 0)" : OfPatient(alias))}");
            if (question.OwnPatient is { } own)
            {
                sql.Sql($" and {alias}.patient is distinct from (select key from patient_key where id = ").Value(own).Sql(")");
            }

            sql.Sql(" then false else ");
            AppendOpen(sql, question, alias, type);
            sql.Sql(" end");
            return;
        }

        sql.Sql($"({Nobody} or case when {OfPatient(alias)} then true else ");
        AppendOpen(sql, question, alias, type);
        sql.Sql(" end)");
    }

    /// <summary>Whether there is nothing to ask: the row belongs to a patient who has given no consent. It holds for no row that the question does not leave open.</summary>
    /// <remarks>For statements that find one row: there a join for what is not there costs half of what a question beside the row does.</remarks>
    public static void AppendUnspoken(SqlStatement sql, string alias) => sql.Sql($"({alias}.patient is not null and not exists (select from consent_rule c where c.patient = {alias}.patient))");

    // A limit keeps the database from putting all patients with consents into a table of its own before it looks at a few rows.
    private static string OfPatient(string alias) => $"{alias}.patient is not null and (select true from consent_rule c where c.patient = {alias}.patient limit 1) is null";

    private static void AppendOpen(SqlStatement sql, ConsentQuestion question, string alias, string type)
    {
        // A date of birth is no date of care.
        var dates = MainDate.Of(type) is { } date && date != "birthdate" ? $"{alias}.date_lo, {alias}.date_hi" : "null::timestamptz, null::timestamptz";
        sql.Sql($"consent_open({alias}.patient, ").Value((object?)question.OwnPatient ?? DBNull.Value, NpgsqlDbType.Text)
            .Sql(", ").Value(ConsentSubjects.Parameters(type).Select(Terms.ReferenceConstant))
            .Sql(", ").Value(type).Sql($", {alias}.id, {alias}.terms, {dates}, {alias}.doc, ");
        AppendActors(sql, question);
        sql.Sql(", ").Value(question.Purposes.Codes is { } codes ? codes.ToArray() : DBNull.Value, NpgsqlDbType.Array | NpgsqlDbType.Text)
            .Sql(", ").Value((int)question.Actions).Sql(question.IsOptIn ? ", true)" : ", false)");
    }

    // Looked up once a statement, and only if a row has a consent to be asked.
    private static void AppendActors(SqlStatement sql, ConsentQuestion question)
    {
        var (type, id) = question.Actor?.Split('/') is [var named, var who] ? (named, who) : ("", "");
        sql.Sql("(select consent_actors(").Value((object?)question.Actor ?? DBNull.Value, NpgsqlDbType.Text).Sql(", ").Value(question.Client)
            .Sql(", ").Value(Terms.Reference("practitioner", type, id)).Sql(", ").Value(Terms.Reference("participant", type, id))
            .Sql(", ").Value(Terms.Reference("member", type, id)).Sql(", ").Value(Terms.TokenCode("identifier", question.Client)).Sql("))");
    }
}
