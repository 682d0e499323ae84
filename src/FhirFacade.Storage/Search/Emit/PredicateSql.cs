using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>Writes a predicate as a boolean SQL expression over a table's alias.</summary>
internal static class PredicateSql
{
    public static void Append(SqlStatement sql, Predicate predicate, string alias, string type, TermAccess terms) =>
        Append(sql, predicate, new RowTable(alias, type), terms);

    public static void Append(SqlStatement sql, Predicate predicate, RowTable rows, TermAccess terms)
    {
        var (alias, type, _) = rows;
        switch (predicate)
        {
            case Predicate.Always:
                sql.Sql("true");
                break;
            case Predicate.Never:
                sql.Sql("false");
                break;
            case Predicate.All all:
                Join(all.Parts, " and ", "true");
                break;
            case Predicate.Any any:
                Join(any.Parts, " or ", "false");
                break;
            case Predicate.Not not:
                sql.Sql("not (");
                Append(sql, not.Inner, rows, TermAccess.Filter);
                sql.Sql(HasPatient(not.Inner) ? " is true)" : ")");
                break;
            case Predicate.HasTerm term:
                TermSql.Append(sql, term, alias, terms);
                break;
            case Predicate.Present present:
                sql.Sql($"{alias}.present @> array[").Value(present.Parameter).Sql("]");
                break;
            case Predicate.IdIs { Ids: [var id] }:
                sql.Sql($"{alias}.id = ").Value(id);
                break;
            case Predicate.IdIs ids:
                sql.Sql($"{alias}.id = any(").Value(ids.Ids).Sql(")");
                break;
            case Predicate.OfPatient patient:
                sql.Sql($"{alias}.patient = (select key from patient_key where id = ").Value(patient.PatientId).Sql(")");
                break;
            case Predicate.InReach reach:
                ReachSql.Append(sql, reach, alias, terms);
                break;
            case Predicate.Consented consented when rows.Container is { } container:
                // Whose the container is, without identity and content: what cannot be told closes. The container has been asked about itself.
                var row = sql.Alias();
                sql.Sql($"exists (select from (select {container.Alias}.patient, null::json as doc, ''::text as id, {alias}.terms, {alias}.date_lo, {alias}.date_hi) {row} where ");
                ConsentSql.Append(sql, consented.Question, row, type, TermAccess.Filter);
                sql.Sql(")");
                break;
            case Predicate.Consented consented:
                ConsentSql.Append(sql, consented.Question, alias, type, terms);
                break;
            case Predicate.InOpenContext context:
                ContextSql.Append(sql, context, alias);
                break;
            case Predicate.Unspoken:
                ConsentSql.AppendUnspoken(sql, alias);
                break;
            case Predicate.LastUpdated updated:
                DateSql.AppendInstant(sql, $"{alias}.last_updated", updated.Comparator, updated.Low, updated.High);
                break;
            case Predicate.MainDate date:
                DateSql.AppendPeriod(sql, alias, date.Comparator, date.Low, date.High);
                break;
            case Predicate.InRange range:
                RangeSql.Append(sql, range, rows);
                break;
            case Predicate.InTuple tuple:
                RangeSql.Append(sql, tuple, rows);
                break;
            case Predicate.TextHas text:
                TextSql.Append(sql, text, rows);
                break;
            case Predicate.HasTextTerm text:
                TextSql.Append(sql, text, alias, terms);
                break;
            case Predicate.Content content:
                TextSql.Append(sql, content, alias);
                break;
            case Predicate.Near near:
                NearSql.Append(sql, near, rows);
                break;
            case Predicate.RefersTo chain:
                ReferenceSql.Append(sql, chain, alias, terms);
                break;
            case Predicate.ReferredToBy reverse:
                ReferenceSql.Append(sql, reverse, alias, terms);
                break;
            case Predicate.Contains contains:
                ContainedSql.Append(sql, contains, rows, terms);
                break;
            case Predicate.OfContainer container:
                Append(sql, container.Container, rows.Container ?? throw new InvalidOperationException("Only what is contained has a container."), TermAccess.Filter);
                break;
            default:
                throw new InvalidOperationException($"A predicate that cannot be written as SQL: {predicate.GetType().Name}.");
        }

        // A row of nobody has no patient to compare with, and is not that patient's.
        static bool HasPatient(Predicate inner) => inner switch
        {
            Predicate.OfPatient => true,
            Predicate.OfContainer container => HasPatient(container.Container),
            Predicate.All all => all.Parts.Any(HasPatient),
            Predicate.Any any => any.Parts.Any(HasPatient),
            _ => false,
        };

        void Join(IReadOnlyList<Predicate> parts, string with, string ofNone)
        {
            if (parts.Count == 0)
            {
                sql.Sql(ofNone);
                return;
            }

            sql.Sql("(");
            for (var i = 0; i < parts.Count; i++)
            {
                sql.Sql(i == 0 ? "" : with);
                Append(sql, parts[i], rows, terms);
            }

            sql.Sql(")");
        }
    }
}
