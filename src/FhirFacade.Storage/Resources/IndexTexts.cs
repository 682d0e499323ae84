using FhirFacade.Storage.Search.Index;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// Notes the texts that stand behind the terms of new versions, each once for all resources. A text that is new to everybody keeps others that have it waiting until the
/// transaction ends: whoever writes for long gathers them, and writes them last.
/// </summary>
internal sealed class IndexTexts
{
    // In the order of the terms, so that two writers of the same new texts cannot wait for each other.
    private const string Sql = """
        insert into index_text (term, param, value)
        select x.term, x.param, x.value from unnest($1, $2, $3) as x (term, param, value)
        where not exists (select from index_text t where t.term = x.term) order by x.term
        on conflict do nothing
        """;

    private readonly Dictionary<long, IndexedText> gathered = [];

    /// <summary>Keeps the texts of versions that are written until they are written themselves.</summary>
    public void Add(IEnumerable<NewVersion> versions)
    {
        foreach (var text in versions.SelectMany(version => version.Index.Coded))
        {
            gathered.TryAdd(text.Term, text);
        }
    }

    /// <summary>Writes what has been gathered: before a search of the same transaction, and before its end.</summary>
    public async Task WriteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (gathered.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Command(gathered.Values) } };
            await batch.ExecuteNonQueryAsync(cancellationToken);
            gathered.Clear();
        }
    }

    /// <summary>The statement; null where no version has such texts.</summary>
    public static NpgsqlBatchCommand? Command(IEnumerable<NewVersion> versions) => Command(versions.Select(version => version.Index));

    /// <summary>The same for what is indexed anew.</summary>
    public static NpgsqlBatchCommand? Command(IEnumerable<IndexRow> rows)
    {
        var texts = rows.SelectMany(row => row.Coded).DistinctBy(text => text.Term).ToList();
        return texts.Count == 0 ? null : Command(texts);
    }

    private static NpgsqlBatchCommand Command(IReadOnlyCollection<IndexedText> texts) => new(Sql)
    {
        Parameters =
        {
            new NpgsqlParameter<long[]> { TypedValue = [.. texts.Select(text => text.Term)] },
            new NpgsqlParameter<int[]> { TypedValue = [.. texts.Select(text => text.Parameter)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. texts.Select(text => text.Value)] },
        },
    };
}
