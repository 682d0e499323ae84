using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Plan;
using FhirFacade.Storage.Tests.Resources;
using FhirFacade.TestSupport;
using Npgsql;
using Xunit;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>Whom users reach is kept in a table; it says at every moment what the stored resources say, in whatever way these were written.</summary>
public sealed class ReachTableTests : IAsyncLifetime
{
    private const string Rows = "select coalesce(string_agg(r::text, E'\n' order by r::text), '') from (select * from reach) r";
    private const string Roles = "select coalesce(string_agg(r::text, E'\n' order by r::text), '') from (select * from reach_role) r";

    private TestDatabase? database;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TestDatabase Database => database ?? throw new InvalidOperationException("Not there yet.");

    private ResourceWriter Writer => new(Database.DataSource, TimeProvider.System);

    public async ValueTask InitializeAsync() => database = await TestCluster.NewDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task After_random_writes_of_every_kind_users_reach_whom_the_resources_say(int seed)
    {
        var staff = new RandomStaff(seed);
        var reached = 0;
        for (var round = 0; round < 5; round++)
        {
            for (var step = 0; step < 12; step++)
            {
                await WriteAsync(staff, step);
            }

            reached += await CompareAsync();
            var before = (await Database.ScalarAsync<string>(Rows), await Database.ScalarAsync<string>(Roles));
            await RefillAsync();
            Assert.Equal(before, (await Database.ScalarAsync<string>(Rows), await Database.ScalarAsync<string>(Roles)));
        }

        Assert.True(reached > 100, $"Only {reached} times anybody was reached.");
    }

    [Fact]
    public async Task A_merge_of_patients_takes_their_teams_and_encounters_along()
    {
        await ApplyAsync(Samples.Change("Patient", "old", """{"resourceType":"Patient"}"""), Samples.Change("Patient", "new", """{"resourceType":"Patient"}"""), Samples.Change("Encounter", "e", """
            {"resourceType":"Encounter","status":"finished","subject":{"reference":"Patient/old"},"participant":[{"individual":{"reference":"Practitioner/doc"}}]}
            """));
        Assert.Equal(["old"], await ReachedAsync(Doctor(UserRelation.CareTeam)));
        await ApplyAsync(new ResourceChange("Patient", "new", JsonNode.Parse("""{"resourceType":"Patient"}""")!.AsObject(), ChangeMode.Merge) { Moved = new("old", "old", "new") });
        Assert.Equal(["new"], await ReachedAsync(Doctor(UserRelation.CareTeam)));
    }

    [Fact]
    public async Task Of_every_version_its_own_patient_is_asked_for_in_every_history()
    {
        await PutAsync("Patient", "mine", """{"resourceType":"Patient","generalPractitioner":[{"reference":"Practitioner/doc"}]}""");
        await PutAsync("Patient", "other", """{"resourceType":"Patient"}""");
        foreach (var patient in new[] { "mine", "other", "mine", "other" })
        {
            await PutAsync("Observation", "moved", $$$"""{"resourceType":"Observation","status":"final","code":{"text":"{{{patient}}}"},"subject":{"reference":"Patient/{{{patient}}}"}}""");
        }

        var history = new HistoryReader(Database.DataSource);
        foreach (var relation in new[] { UserRelation.CareTeam, UserRelation.Organization })
        {
            var grant = User(Doctor(relation));
            Assert.Equal([3, 1], (await history.InstanceAsync("Observation", "moved", grant, HistoryRange.All, 100, null, Token)).Entries.Select(entry => entry.Version));
            Assert.Equal([3, 1], (await history.TypeAsync("Observation", grant, HistoryRange.All, 100, null, Token)).Entries.Select(entry => entry.Version));
            Assert.Empty((await history.InstanceAsync("Patient", "other", grant, HistoryRange.All, 100, null, Token)).Entries);
            Assert.IsType<ReadOutcome.NotFound>(await new ResourceReader(Database.KeyReads).ReadVersionAsync("Observation", "moved", 2, grant, Token));
        }
    }

    [Fact]
    public async Task Who_wrote_and_rolled_back_has_let_nobody_in()
    {
        await PutAsync("Patient", "p", """{"resourceType":"Patient"}""");
        await using (var connection = await Database.DataSource.OpenConnectionAsync(Token))
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            await FeedWriter.ApplyAsync(connection, transaction, 1, [Samples.Change("Patient", "p", """{"resourceType":"Patient","generalPractitioner":[{"reference":"Practitioner/doc"}]}""")], DateTimeOffset.UtcNow, Token);
            Assert.Empty(await ReachedAsync(Doctor(UserRelation.CareTeam)));
        }

        Assert.Empty(await ReachedAsync(Doctor(UserRelation.CareTeam)));
    }

    [Theory]
    [InlineData("""{"resourceType":"CareTeam","status":"active","subject":{"reference":"Patient/p"},"participant":[{"member":{"reference":"Organization/doc"}}]}""")]
    [InlineData("""{"resourceType":"CareTeam","status":"active","subject":{"reference":"Patient/p"},"participant":[{"member":{"reference":"Practitioner/doc/_history/1"}}]}""")]
    [InlineData("""{"resourceType":"CareTeam","status":"active","subject":{"reference":"Patient/p"},"participant":[{"member":{"reference":"http://elsewhere.example/Practitioner/doc"}}]}""")]
    [InlineData("""{"resourceType":"CareTeam","status":"active","subject":{"reference":"Patient/p"},"participant":[{"member":{"display":"Practitioner/doc"}}]}""")]
    [InlineData("""{"resourceType":"CareTeam","status":"active","subject":{"reference":"Patient/p"},"participant":[{"member":{"reference":"Practitioner/doc"}},{"member":{"reference":"Patient/q"}}]}""")]
    [InlineData("""{"resourceType":"CareTeam","status":"active","participant":[{"member":{"reference":"Practitioner/doc"}}]}""")]
    [InlineData("""{"resourceType":"CareTeam","status":"proposed","subject":{"reference":"Patient/p"},"participant":[{"member":{"reference":"Practitioner/doc"}}]}""")]
    [InlineData("""{"resourceType":"CareTeam","subject":{"reference":"Patient/p"},"participant":[{"member":{"reference":"Practitioner/doc"},"period":{"end":"2020-01-01"}}]}""")]
    [InlineData("""{"resourceType":"Encounter","status":"entered-in-error","subject":{"reference":"Patient/p"},"participant":[{"individual":{"reference":"Practitioner/doc"}}]}""")]
    [InlineData("""{"resourceType":"Encounter","status":"finished","subject":{"reference":"Patient/p"},"participant":[{"individual":{"reference":"RelatedPerson/doc"}}]}""")]
    [InlineData("""{"resourceType":"Encounter","status":"finished","subject":{"reference":"Patient/p"},"serviceProvider":{"reference":"Practitioner/doc"}}""")]
    [InlineData("""{"resourceType":"Encounter","status":"finished","subject":{"reference":"Patient/p"},"serviceProvider":{"reference":"Organization/gone"}}""")]
    public async Task What_does_not_say_so_lets_nobody_in(string resource)
    {
        await PutAsync("Patient", "p", """{"resourceType":"Patient"}""");
        await PutAsync("Patient", "q", """{"resourceType":"Patient"}""");
        await PutAsync("PractitionerRole", "r", """{"resourceType":"PractitionerRole","practitioner":{"reference":"Practitioner/doc"},"organization":{"reference":"Organization/gone"}}""");
        var type = Samples.Parse(resource).GetProperty("resourceType").GetString()!;
        await PutAsync(type, "made", resource);
        foreach (var relation in new[] { UserRelation.CareTeam, UserRelation.Organization })
        {
            Assert.Empty(await ReachedAsync(Doctor(relation)));
        }

        Assert.Empty(await ReachedAsync(new("RelatedPerson", "doc", UserRelation.Nobody)));
    }

    [Fact]
    public async Task Rows_that_were_stored_before_are_counted_in_when_the_tables_come()
    {
        await PutAsync("Patient", "p", """{"resourceType":"Patient","generalPractitioner":[{"reference":"Practitioner/doc"}]}""");
        await PutAsync("PractitionerRole", "r", """{"resourceType":"PractitionerRole","practitioner":{"reference":"Practitioner/doc"},"organization":{"reference":"Organization/o"}}""");
        await Database.ExecuteAsync("""
            drop table reach, reach_role; drop function reach_follow cascade; drop function reach_role_follow cascade; drop function reach_of; drop function extend_resource_table_270;
            delete from schema_migration where number = 270
            """);
        await Migrator.MigrateAsync(Database.DataSource, Token);
        Assert.Equal(["p"], await ReachedAsync(Doctor(UserRelation.CareTeam)));
        Assert.Equal(1L, await Database.ScalarAsync<long>("select count(*) from reach_role"));
        await PutAsync("Patient", "p", """{"resourceType":"Patient"}""");
        Assert.Empty(await ReachedAsync(Doctor(UserRelation.CareTeam)));
    }

    // One resource, many in a transaction (enough to be copied), a deletion, a feed's change.
    private async Task WriteAsync(RandomStaff staff, int step)
    {
        switch (step % 4)
        {
            case 0:
                await Writer.InTransactionAsync(Grants.Everything, session => session.WriteAsync([.. staff.Many(40).Select(r => new ResourceWrite.Put(r.Type, r.Id, r.Content))], Token), Token);
                break;
            case 1:
                foreach (var (type, id, content) in staff.Many(4))
                {
                    await Writer.UpdateAsync(type, id, content, null, Grants.Everything, Token);
                }

                break;
            case 2:
                await ApplyAsync([.. staff.Many(4).Select(r => Samples.Change(r.Id, r.Content, ChangeMode.Replace))]);
                break;
            default:
                foreach (var (type, id, _) in staff.Many(2))
                {
                    await Writer.DeleteAsync(type, id, null, Grants.Everything, Token);
                }

                break;
        }
    }

    private async Task<int> CompareAsync()
    {
        var naive = new NaiveSearch(await StoredAsync());
        var users = Enumerable.Range(0, RandomStaff.Of).SelectMany(i => new UserReach[]
        {
            new("Practitioner", $"doc{i}", UserRelation.CareTeam), new("Practitioner", $"doc{i}", UserRelation.Organization), new("RelatedPerson", $"rel{i}", UserRelation.Nobody),
        });
        var reached = 0;
        foreach (var user in users)
        {
            var grant = User(user);
            foreach (var type in new[] { "Patient", "Encounter" })
            {
                var expected = naive.Resources.Where(r => r.Type == type && new NaiveAccess(naive).Allows(r, grant, Interactions.Search)).Select(r => r.Id).Order(StringComparer.Ordinal).ToList();
                Assert.Equal(expected, await FindAsync(type, "_count=1000", grant));
                reached += expected.Count;
                for (var patient = 0; patient < RandomStaff.Of; patient++)
                {
                    var ofPatient = naive.Resources.Where(r => r.Type == type && expected.Contains(r.Id) && r.Membership is FhirFacade.Fhir.Compartments.PatientMembership.One one && one.PatientId == $"pat{patient}").Select(r => r.Id).Order(StringComparer.Ordinal);
                    Assert.Equal(ofPatient, await FindAsync(type, $"{(type == "Patient" ? "_id" : "patient")}=pat{patient}&_count=1000", grant));
                }
            }

            foreach (var patient in naive.Ids("Patient"))
            {
                var isOpen = new NaiveAccess(naive).Allows(naive.Resources.First(r => r.Type == "Patient" && r.Id == patient), grant, Interactions.Read);
                Assert.Equal(isOpen, await new ResourceReader(Database.KeyReads).ReadAsync("Patient", patient, grant, Token) is ReadOutcome.Found);
            }
        }

        return reached;
    }

    private async Task<List<(JsonElement, DateTimeOffset)>> StoredAsync()
    {
        await using var command = Database.DataSource.CreateCommand(string.Join(" union all ", RandomStaff.Types.Append("Organization").Select(type => $"select doc::text from {ResourceTables.NameOf(type)}")));
        await using var reader = await command.ExecuteReaderAsync(Token);
        var stored = new List<(JsonElement, DateTimeOffset)>();
        while (await reader.ReadAsync(Token))
        {
            stored.Add((Samples.Parse(reader.GetString(0)), default));
        }

        return stored;
    }

    private Task RefillAsync() => Database.ExecuteAsync("""
        delete from reach; delete from reach_role;
        update r.careteam set doc = doc; update r.encounter set doc = doc; update r.patient set doc = doc; update r.relatedperson set doc = doc; update r.practitionerrole set doc = doc
        """);

    private async Task PutAsync(string type, string id, string json) =>
        Assert.False((await Writer.UpdateAsync(type, id, Samples.Parse(json), null, Grants.Everything, Token)).IsFailure);

    private async Task ApplyAsync(params ResourceChange[] changes)
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await FeedWriter.ApplyAsync(connection, transaction, 1, changes, DateTimeOffset.UtcNow, Token);
        await transaction.CommitAsync(Token);
    }

    private Task<List<string>> ReachedAsync(UserReach user) => FindAsync("Patient", "_count=1000", User(user));

    private async Task<List<string>> FindAsync(string type, string query, AccessGrant grant)
    {
        var plan = Assert.IsType<PlanOutcome.Planned>(Planner.Plan(SearchDatabase.Query(type, query), grant)).Plan;
        var page = await new SearchExecutor(Database.DataSource, keyReads: Database.KeyReads).ExecuteAsync(plan, Token);
        return [.. page.Matches.Select(r => r.Id).Order(StringComparer.Ordinal)];
    }

    private static AccessGrant User(UserReach user) => SearchDatabase.Grant("user/*.rs", null) with { User = user };

    private static UserReach Doctor(UserRelation relation) => new("Practitioner", "doc", relation);
}
