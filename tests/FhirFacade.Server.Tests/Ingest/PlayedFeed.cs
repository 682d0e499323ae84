using System.Text;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Server.Ingest;
using FhirFacade.Storage.Resources;
using FhirFacade.TestSupport;
using FhirFacade.Translation;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>Messages that went through the translation into a database of their own, and what came of them.</summary>
internal sealed class PlayedFeed : IAsyncDisposable
{
    private const string Tables =
        "patient encounter observation diagnosticreport servicerequest allergyintolerance condition relatedperson coverage account appointment documentreference";

    private static readonly DateTimeOffset Arrived = new(2024, 5, 3, 0, 0, 0, TimeSpan.Zero);
    private long _messages;

    private PlayedFeed(TestDatabase database) => Database = database;

    public TestDatabase Database { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<PlayedFeed> NewAsync() => new(await TestCluster.NewDatabaseAsync());

    /// <summary>What is played next arrives as the first message did: the same feed again.</summary>
    public void Rewind() => _messages = 0;

    public async Task PlayAsync(FeedProfile profile, IEnumerable<string> messages)
    {
        foreach (var text in messages)
        {
            var read = Hl7Message.Parse(Encoding.UTF8.GetBytes(text));
            var id = ++_messages;
            var outcome = Outcomes.Of(read, Translator.Default.Translate(read.Message!, profile), Arrived.AddSeconds(id));
            await using var connection = await Database.DataSource.OpenConnectionAsync(Token);
            await using var transaction = await connection.BeginTransactionAsync(Token);
            await FeedWriter.ApplyAsync(connection, transaction, id, outcome.Changes, TimeProvider.System.GetUtcNow(), Token);
            await transaction.CommitAsync(Token);
        }
    }

    // What a client sees of the resources that have a place in time.
    public async Task<string> StateAsync() => await Database.ScalarAsync<string>(
        $"select string_agg(row, E'\\n' order by row) from ({string.Join(" union all ", Tables.Split(' ').Select(t => $"select '{t} ' || (doc::jsonb #- '{{meta,versionId}}' #- '{{meta,lastUpdated}}' #- '{{meta,source}}')::text as row from r.{t}"))}) x");

    public async Task EmptyAsync() =>
        await Database.ExecuteAsync(string.Concat(Tables.Split(' ').Select(t => $"delete from r.{t}; delete from r.{t}_range; delete from r.{t}_text; ")) + "delete from history; delete from feed_times; delete from feed_move; delete from feed_snapshot");

    public async Task<string> AllergiesAsync() => await Database.ScalarAsync<string>(
        "select string_agg((doc #>> '{code,coding,0,code}') || ':' || (doc #>> '{clinicalStatus,coding,0,code}'), ' ' order by doc #>> '{code,coding,0,code}') from r.allergyintolerance");

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
