using FhirFacade.Storage.Audit;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Audit;

/// <summary>A search by what events tell reads the blocks that may have such events, and finds all that a look at every event finds.</summary>
public sealed class AuditFilterTests(AuditFilterTests.Trail trail) : IClassFixture<AuditFilterTests.Trail>
{
    private const int Blocks = 20;
    private const int EventsOfEach = 5000;

    public static TheoryData<string, int> Queries => new()
    {
        { "entity Observation/o-73123", 3 },
        { "entity Observation/o-99999", 3 },
        { "entity Patient/p-7", Blocks },
        { "entity Observation/none", 3 },
        { "action D", 3 },
        { "kind history-instance", 3 },
        { "purpose BTG", 3 },
        { "purpose HRESCH", 4 },
        { "kind history-instance action D", 3 },
        { "action R purpose BTG", 3 },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Of_a_hundred_thousand_events_few_blocks_are_read(string asked, int most)
    {
        var words = asked.Split(' ').Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
        var query = new AuditQuery
        {
            Entity = words.GetValueOrDefault("entity"), Action = words.GetValueOrDefault("action"), Kind = words.GetValueOrDefault("kind"), Purpose = words.GetValueOrDefault("purpose"), Count = 100_000,
        };
        var (found, blocks) = await new AuditReader(trail.Database.DataSource).SearchAsync(query, TestContext.Current.CancellationToken);
        Assert.InRange(blocks, 0, most);
        Assert.Equal(Enumerable.Range(0, Blocks * EventsOfEach).Select(Record).Where(query.Includes).Reverse().Select(record => record.Correlation), found.Select(record => record.Correlation));
    }

    [Fact]
    public async Task Blocks_from_before_there_were_filters_are_read_and_the_trail_is_sound()
    {
        Assert.Empty((await new AuditVerification(trail.Database.DataSource).CheckAsync(TestContext.Current.CancellationToken)).Problems);
        await using var database = await TestCluster.NewDatabaseAsync();
        await WriteAsync(database, 2, 100);
        await ExecuteAsync(database, "alter table audit_block disable trigger all; update audit_block set told = null");
        var (found, blocks) = await new AuditReader(database.DataSource).SearchAsync(new AuditQuery { Entity = "Observation/o-3" }, TestContext.Current.CancellationToken);
        Assert.Equal((1, 2), (found.Count, blocks));
        Assert.Empty((await new AuditVerification(database.DataSource).CheckAsync(TestContext.Current.CancellationToken)).Problems);
    }

    [Fact]
    public void A_filter_knows_all_that_it_was_told_and_little_else()
    {
        var filter = AuditFilter.Of([.. Enumerable.Range(0, 1000).Select(n => (ReadOnlyMemory<byte>)AuditSpool.Encode(Record(n)))]);
        Assert.All(Enumerable.Range(0, 1000), n => Assert.True(Tells(filter, "Observation/o-" + n)));
        Assert.InRange(Enumerable.Range(1000, 10_000).Count(n => Tells(filter, "Observation/o-" + n)), 0, 300);
    }

    private static bool Tells(byte[] filter, string entity)
    {
        var (one, two) = AuditFilter.In(new AuditQuery { Entity = entity }).Single();
        return Enumerable.Range(0, 4).All(probe => (filter[(one + (probe * two)) % (filter.Length * 8) >> 3] & (1 << (int)((one + (probe * two)) % (filter.Length * 8) & 7))) != 0);
    }

    // The events of one block in twenty differ from all others.
    private static AuditRecord Record(int n) => new(
        AuditRecord.Microseconds(DateTimeOffset.UnixEpoch.AddSeconds(n)), n == 31_000 ? "D" : "R", n is > 41_000 and < 41_010 ? "history-instance" : "read", 200, "s", "c", "127.0.0.1",
        n == 77_000 ? "BTG" : n is 1 or 60_000 ? "HRESCH" : "TREAT", $"request-{n}", "Patient/p", [$"Observation/o-{n}/_history/1", $"Patient/p-{n % 10}/_history/2"], []);

    private static async Task WriteAsync(TestDatabase database, int blocks, int eventsOfEach)
    {
        await using var chain = new AuditChain(database.DataSource);
        for (var block = 0; block < blocks; block++)
        {
            await chain.AppendAsync([.. Enumerable.Range(block * eventsOfEach, eventsOfEach).Select(n => (ReadOnlyMemory<byte>)AuditSpool.Encode(Record(n)))]);
        }
    }

    private static async Task ExecuteAsync(TestDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public sealed class Trail : IAsyncLifetime
    {
        public TestDatabase Database { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Database = await TestCluster.NewDatabaseAsync();
            await WriteAsync(Database, Blocks, EventsOfEach);
        }

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}
