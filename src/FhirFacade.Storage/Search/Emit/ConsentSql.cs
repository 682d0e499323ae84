using FhirFacade.Fhir.Consents;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Plan;
using NpgsqlTypes;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>
/// Whether the consents that are stored at this moment leave a row open (<c>consent_permits</c>, migration 0245). Where there are none, one look at an empty table answers
/// for the whole statement; a patient without any costs a look into an index.
/// </summary>
internal static class ConsentSql
{
    public static void Append(SqlStatement sql, ConsentQuestion question, string alias, string type)
    {
        sql.Sql(question.IsOptIn ? "(case" : "(not (select exists (select from consent_rule)) or case");
        if (question.OwnPatient is { } own)
        {
            sql.Sql($" when {alias}.patient = (select key from patient_key where id = ").Value(own).Sql(") then true");
        }

        if (!question.IsOptIn)
        {
            sql.Sql($" when {alias}.patient is not null and not exists (select from consent_rule c where c.patient = {alias}.patient) then true");
        }

        sql.Sql($" when {alias}.patient is not null then ");
        AppendPermits(sql, question, $"{alias}.patient", alias, type);
        sql.Sql(" else ");
        AppendOfNobody(sql, question, alias, type);
        sql.Sql(" end)");
    }

    // A row that belongs to nobody may name patients all the same; each of them has a say.
    private static void AppendOfNobody(SqlStatement sql, ConsentQuestion question, string alias, string type)
    {
        long[] constants = [.. ConsentSubjects.Parameters(type).Select(Terms.ReferenceConstant)];
        if (constants.Length == 0)
        {
            sql.Sql("true");
            return;
        }

        var (term, constant, named) = (sql.Alias(), sql.Alias(), sql.Alias());
        sql.Sql($"not exists (select from unnest({alias}.terms) {term} cross join unnest(").Value(constants).Sql($") {constant} join consent_rule {named} on {named}.node = 0 and {named}.patient_ref = {term} # {constant} where ");
        AppendNotOwn(sql, question, $"{named}.patient");
        sql.Sql("not ");
        AppendPermits(sql, question with { IsOptIn = false }, $"{named}.patient", alias, type);
        sql.Sql(")");
        if (!question.IsOptIn)
        {
            return;
        }

        (term, constant, named) = (sql.Alias(), sql.Alias(), sql.Alias());
        var key = sql.Alias();
        sql.Sql($" and not exists (select from unnest({alias}.terms) {term} cross join unnest(").Value(constants).Sql($") {constant} join ").Table("Patient")
            .Sql($" {named} on {named}.ref_hash = {term} # {constant} join patient_key {key} on {key}.id = {named}.id where ");
        AppendNotOwn(sql, question, $"{key}.key");
        sql.Sql("not ");
        AppendPermits(sql, question, $"{key}.key", alias, type);
        sql.Sql(")");
    }

    private static void AppendNotOwn(SqlStatement sql, ConsentQuestion question, string patient)
    {
        if (question.OwnPatient is { } own)
        {
            sql.Sql($"{patient} is distinct from (select key from patient_key where id = ").Value(own).Sql(") and ");
        }
    }

    private static void AppendPermits(SqlStatement sql, ConsentQuestion question, string patient, string alias, string type)
    {
        // A date of birth is no date of care.
        var dates = MainDate.Of(type) is { } date && date != "birthdate" ? $"{alias}.date_lo, {alias}.date_hi" : "null::timestamptz, null::timestamptz";
        sql.Sql($"consent_permits({patient}, ").Value(type).Sql($", {alias}.id, {alias}.terms, {dates}, {alias}.doc, ");
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
