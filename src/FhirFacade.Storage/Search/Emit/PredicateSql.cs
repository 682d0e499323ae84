using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>Writes a predicate as a boolean SQL expression over a table's alias.</summary>
internal static class PredicateSql
{
    public static void Append(SqlStatement sql, Predicate predicate, string alias, string type, TermAccess terms)
    {
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
                Append(sql, not.Inner, alias, type, TermAccess.Filter);
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
                ReachSql.Append(sql, reach.User, alias, type);
                break;
            case Predicate.Consented consented:
                ConsentSql.Append(sql, consented.Question, alias, type);
                break;
            case Predicate.LastUpdated updated:
                DateSql.AppendInstant(sql, $"{alias}.last_updated", updated.Comparator, updated.Low, updated.High);
                break;
            case Predicate.MainDate date:
                DateSql.AppendPeriod(sql, alias, date.Comparator, date.Low, date.High);
                break;
            case Predicate.InRange range:
                RangeSql.Append(sql, range, alias, type);
                break;
            case Predicate.InTuple tuple:
                RangeSql.Append(sql, tuple, alias, type);
                break;
            case Predicate.TextHas text:
                TextSql.Append(sql, text, alias, type);
                break;
            case Predicate.HasTextTerm text:
                TextSql.Append(sql, text, alias, terms);
                break;
            case Predicate.Content content:
                TextSql.Append(sql, content, alias);
                break;
            case Predicate.Near near:
                NearSql.Append(sql, near, alias, type);
                break;
            case Predicate.RefersTo chain:
                ReferenceSql.Append(sql, chain, alias, terms);
                break;
            case Predicate.ReferredToBy reverse:
                ReferenceSql.Append(sql, reverse, alias, terms);
                break;
            default:
                throw new InvalidOperationException($"A predicate that cannot be written as SQL: {predicate.GetType().Name}.");
        }

        // A row of nobody has no patient to compare with, and is not that patient's.
        static bool HasPatient(Predicate inner) => inner switch
        {
            Predicate.OfPatient => true,
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
                Append(sql, parts[i], alias, type, terms);
            }

            sql.Sql(")");
        }
    }
}
