using FhirFacade.Storage.Search.Index;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>Notes the texts that stand behind the terms of new versions, each once for all resources.</summary>
internal static class IndexTexts
{
    // In the order of the terms, so that two writers of the same new texts cannot wait for each other.
    private const string Sql = """
        insert into index_text (term, param, value)
        select x.term, x.param, x.value from unnest($1, $2, $3) as x (term, param, value)
        where not exists (select from index_text t where t.term = x.term) order by x.term
        on conflict do nothing
        """;

    /// <summary>The statement; null where no version has such texts.</summary>
    public static NpgsqlBatchCommand? Command(IEnumerable<NewVersion> versions) => Command(versions.Select(version => version.Index));

    /// <summary>The same for what is indexed anew.</summary>
    public static NpgsqlBatchCommand? Command(IEnumerable<IndexRow> rows)
    {
        var texts = rows.SelectMany(row => row.Coded).DistinctBy(text => text.Term).ToList();
        return texts.Count == 0 ? null : new NpgsqlBatchCommand(Sql)
        {
            Parameters =
            {
                new NpgsqlParameter<long[]> { TypedValue = [.. texts.Select(text => text.Term)] },
                new NpgsqlParameter<int[]> { TypedValue = [.. texts.Select(text => text.Parameter)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. texts.Select(text => text.Value)] },
            },
        };
    }
}
