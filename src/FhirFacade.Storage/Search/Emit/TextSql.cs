using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>Conditions on texts: those of a row in the text table, those behind the terms of a row, and the whole resource.</summary>
internal static class TextSql
{
    public static void Append(SqlStatement sql, Predicate.TextHas text, RowTable rows)
    {
        var row = sql.Alias();
        sql.Sql($"exists (select 1 from {rows.Texts} {row} where {row}.rid = {rows.Alias}.rid and {row}.param = ")
            .Value(text.Parameter);
        switch (text.Place)
        {
            case TextPlace.WordStart:
                // A space before the text turns "at the beginning" into "after a space".
                sql.Sql($" and strpos(' ' || {row}.value, ").Value(" " + text.Normalised).Sql(") > 0)");
                break;
            case TextPlace.Beginning:
                sql.Sql($" and starts_with({row}.value, ").Value(text.Normalised).Sql("))");
                break;
            case TextPlace.End:
                sql.Sql($" and right({row}.value, ").Value(text.Normalised.Length).Sql(") = ").Value(text.Normalised).Sql(")");
                break;
            case TextPlace.Whole:
                sql.Sql($" and {row}.value = ").Value(text.Normalised).Sql(")");
                break;
            default:
                sql.Sql($" and strpos({row}.value, ").Value(text.Normalised).Sql(") > 0)");
                break;
        }
    }

    /// <summary>The texts are looked up once, then rows that have the term of one of them.</summary>
    public static void Append(SqlStatement sql, Predicate.HasTextTerm text, string alias, TermAccess access)
    {
        var row = sql.Alias();
        sql.Sql(access == TermAccess.Filter ? $"({alias}.terms" : $"{alias}.terms")
            .Sql($" && coalesce((select array_agg({row}.term) from index_text {row} where {row}.param = ").Value(text.Parameter);
        if (text.Test == IndexedTextTest.Below)
        {
            var inside = text.Text.EndsWith('/') ? text.Text : text.Text + "/";
            sql.Sql($" and ({row}.value = ").Value(text.Text)
                .Sql($" or starts_with({row}.value, ").Value(inside)
                .Sql($") or starts_with({row}.value, ").Value(text.Text + "|").Sql("))");
        }
        else
        {
            sql.Sql($" and strpos(' ' || {row}.value, ").Value(" " + text.Text).Sql(") > 0");
        }

        sql.Sql("), '{}')").Sql(access == TermAccess.Filter ? ") is true" : "");
    }

    /// <summary>A word anywhere in the texts of the resource.</summary>
    public static void Append(SqlStatement sql, Predicate.Content content, string alias)
    {
        sql.Sql($"to_tsvector('simple', {alias}.doc) @@ plainto_tsquery('simple', ").Value(content.Word).Sql(")");
    }
}
