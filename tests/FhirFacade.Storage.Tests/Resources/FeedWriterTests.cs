using System.Text.Json;
using FhirFacade.Storage.Resources;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Resources;

public sealed class FeedWriterTests
{
    private static readonly DateTimeOffset Now = new(2024, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_message_does_not_mention_stays_and_what_it_empties_goes()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await ApplyAsync(database, Samples.Change("Patient", "p", """{"resourceType":"Patient","gender":"female","birthDate":"1950-01-02","active":true}"""));
        await ApplyAsync(database, Samples.Change("Patient", "p", """{"resourceType":"Patient","gender":null,"active":false}"""));
        var patient = await DocAsync(database, "patient", "p");
        Assert.Equal("1950-01-02", patient.GetProperty("birthDate").GetString());
        Assert.False(patient.GetProperty("active").GetBoolean());
        Assert.False(patient.TryGetProperty("gender", out _));
    }

    [Fact]
    public async Task Resources_with_and_without_a_date_are_written_together()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var outcomes = await ApplyAsync(database,
            Samples.Change("RelatedPerson", "a", """{"resourceType":"RelatedPerson"}"""),
            Samples.Change("RelatedPerson", "b", """{"resourceType":"RelatedPerson","birthDate":"1982-03-04"}"""),
            Samples.Change("RelatedPerson", "c", """{"resourceType":"RelatedPerson"}"""));
        Assert.Equal([ChangeOutcome.Created, ChangeOutcome.Created, ChangeOutcome.Created], outcomes);
        Assert.Equal(1L, await database.ScalarAsync<long>("select count(*) from r.relatedperson where date_hi is not null"));
    }

    [Fact]
    public async Task Characters_that_need_no_escape_have_none()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await ApplyAsync(database, Samples.Change("Patient", "p", """{"resourceType":"Patient","telecom":[{"value":"+47 <22> & 'ø' 語"}]}"""));
        await ApplyAsync(database, Samples.Change("Patient", "p", """{"resourceType":"Patient","active":true}"""));
        Assert.Contains("+47 <22> & 'ø' 語", await database.ScalarAsync<string>("select doc::text from r.patient"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_message_only_presumes_does_not_undo_what_is_known()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var presumed = Samples.Change("Encounter", "e", """{"resourceType":"Encounter","status":"in-progress","priority":{"text":"R"}}""") with { Presumed = ["status"] };
        Assert.Equal([ChangeOutcome.Created], await ApplyAsync(database, presumed));
        Assert.Equal("in-progress", (await DocAsync(database, "encounter", "e")).GetProperty("status").GetString());

        await ApplyAsync(database, Samples.Change("Encounter", "e", """{"resourceType":"Encounter","status":"finished"}"""));
        Assert.Equal([ChangeOutcome.Unchanged], await ApplyAsync(database, presumed));
        Assert.Equal("finished", (await DocAsync(database, "encounter", "e")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_result_replaces_the_one_before_whole()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await ApplyAsync(database, Samples.Change("Observation", "o", """{"resourceType":"Observation","status":"preliminary","valueInteger":1}""", ChangeMode.Replace));
        await ApplyAsync(database, Samples.Change("Observation", "o", """{"resourceType":"Observation","status":"final","issued":null}""", ChangeMode.Replace));
        var observation = await DocAsync(database, "observation", "o");
        Assert.Equal("final", observation.GetProperty("status").GetString());
        Assert.False(observation.TryGetProperty("valueInteger", out _));
        Assert.False(observation.TryGetProperty("issued", out _));
    }

    [Fact]
    public async Task The_same_again_makes_no_version_even_if_it_comes_from_another_message()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        ResourceChange Said(string source) => Samples.Change("Patient", "p", $$"""{"resourceType":"Patient","meta":{"source":"{{source}}"},"gender":"female"}""");
        Assert.Equal([ChangeOutcome.Created], await ApplyAsync(database, Said("urn:a")));
        Assert.Equal([ChangeOutcome.Unchanged], await ApplyAsync(database, Said("urn:b")));
        Assert.Equal(0L, await database.ScalarAsync<long>("select count(*) from history"));
    }

    [Fact]
    public async Task Several_changes_of_a_resource_in_one_transaction_are_versions_of_their_own()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await ApplyAsync(database, Samples.Change("p", Samples.Patient("Zero")));
        var outcomes = await ApplyAsync(database,
            Samples.Change("p", Samples.Patient("One")), Samples.Change("p", Samples.Patient("Two")), Samples.Change("p", Samples.Patient("Two")),
            Samples.Change("p", Samples.Patient("Three")), Samples.Change("q", Samples.Patient("Q1")), Samples.Change("q", Samples.Patient("Q2")));
        Assert.Equal([ChangeOutcome.Updated, ChangeOutcome.Updated, ChangeOutcome.Unchanged, ChangeOutcome.Updated, ChangeOutcome.Created, ChangeOutcome.Updated], outcomes);

        var history = await new HistoryReader(database.DataSource).InstanceAsync("Patient", "p", Grants.Everything, HistoryRange.All, 10, null, Token);
        Assert.Equal([4, 3, 2, 1], history.Entries.Select(entry => entry.Version));
        Assert.Equal(["Three", "Two", "One", "Zero"], history.Entries.Select(entry => JsonDocument.Parse(entry.Doc!.Value).RootElement.GetProperty("name")[0].GetProperty("family").GetString()));
        Assert.Equal(2, await database.ScalarAsync<int>("select version from r.patient where id = 'q'"));
    }

    [Fact]
    public async Task Side_tables_follow_the_resource_when_it_changes_and_when_it_goes()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await ApplyAsync(database, Samples.Change("p", Samples.Patient("Ærø")));
        var before = await database.ScalarAsync<long>("select count(*) from r.patient_text t join r.patient using (rid)");
        Assert.True(before > 0);
        await ApplyAsync(database, Samples.Change("p", Samples.Patient("Berg")));
        Assert.Equal(before, await database.ScalarAsync<long>("select count(*) from r.patient_text"));
        Assert.Equal(before, await database.ScalarAsync<long>("select count(*) from r.patient_text where value like '%berg%'"));
        await new ResourceWriter(database.DataSource, TimeProvider.System).DeleteAsync("Patient", "p", null, Grants.Everything, Token);
        Assert.Equal(0L, await database.ScalarAsync<long>("select count(*) from r.patient_text"));
    }

    [Fact]
    public async Task A_resource_that_was_deleted_comes_back_with_the_next_version()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await ApplyAsync(database, Samples.Change("p", Samples.Patient("One")));
        await new ResourceWriter(database.DataSource, TimeProvider.System).DeleteAsync("Patient", "p", null, Grants.Everything, Token);
        Assert.Equal([ChangeOutcome.Created], await ApplyAsync(database, Samples.Change("p", Samples.Patient("One"))));
        Assert.Equal(3, await database.ScalarAsync<int>("select version from r.patient"));
    }

    [Fact]
    public async Task A_feed_and_clients_that_write_one_resource_lose_nothing()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writer = new ResourceWriter(database.DataSource, TimeProvider.System);
        var feed = Enumerable.Range(0, 40).Select(number => Task.Run(() => ApplyUntilDoneAsync(database, Samples.Change("p", Samples.Patient($"Feed{number}")))));
        var clients = Enumerable.Range(0, 40).Select(number => Task.Run(async () =>
        {
            await writer.UpdateAsync("Patient", "p", Samples.Patient($"Client{number}"), null, Grants.Everything, Token);
        }));
        await Task.WhenAll(feed.Concat(clients));
        Assert.Equal(80, await database.ScalarAsync<int>("select version from r.patient"));
        Assert.Equal(79L, await database.ScalarAsync<long>("select count(*) from history"));
        Assert.Equal(80L, await database.ScalarAsync<long>("select count(distinct doc #>> '{name,0,family}') from (select doc from history union all select doc from r.patient) d"));
    }

    private static async Task ApplyUntilDoneAsync(TestDatabase database, ResourceChange change)
    {
        while (true)
        {
            try
            {
                await ApplyAsync(database, change);
                return;
            }
            catch (ConcurrentWriteException)
            {
                // Rolled back; the journal's workers would do it again, too.
            }
        }
    }

    private static async Task<IReadOnlyList<ChangeOutcome>> ApplyAsync(TestDatabase database, params ResourceChange[] changes)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        var outcomes = await FeedWriter.ApplyAsync(connection, transaction, 1, changes, Now, Token);
        await transaction.CommitAsync(Token);
        return outcomes;
    }

    private static async Task<JsonElement> DocAsync(TestDatabase database, string table, string id) =>
        Samples.Parse(await database.ScalarAsync<string>($"select doc::text from r.{table} where id = $1", id));
}
