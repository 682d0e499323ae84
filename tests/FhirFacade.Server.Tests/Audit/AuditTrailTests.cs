using System.Net;
using FhirFacade.Server.Access;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Storage.Audit;
using FhirFacade.TestSupport;
using Npgsql;

namespace FhirFacade.Server.Tests.Audit;

/// <summary>The trail itself: what is written stays, and what was done to it shows.</summary>
public sealed class AuditTrailTests
{
    private static AuditRecord Record(int n) => new(
        AuditRecord.Microseconds(DateTimeOffset.UtcNow), "R", "read", 200, "s", "c", "127.0.0.1", "", $"request-{n}", "Patient/p", [$"Patient/p/_history/{n}"], ["p"]);

    private static async Task<TestDatabase> WrittenAsync()
    {
        var database = await TestCluster.NewDatabaseAsync();
        await using var one = new AuditWriter(database.DataSource);
        await using var other = new AuditWriter(database.DataSource);
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 40).Select(n => (n % 2 == 0 ? one : other).AppendAsync(Record(n))));
        }
        return database;
    }

    private static async Task ExecuteAsync(TestDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static Task<AuditCheck> CheckAsync(TestDatabase database) => new AuditVerification(database.DataSource).CheckAsync(TestContext.Current.CancellationToken);

    [Fact]
    public async Task What_several_servers_write_at_once_is_one_chain()
    {
        await using var database = await WrittenAsync();
        var check = await CheckAsync(database);
        Assert.Empty(check.Problems);
        Assert.Equal(120, check.Events);
        Assert.InRange(check.Blocks, 3, 119);
    }

    [Theory]
    [InlineData("update audit_block set data = set_byte(data, 40, get_byte(data, 40) # 255) where id = 2", "block 2 was changed")]
    [InlineData("update audit_block set data = (select data from audit_block where id = 1) where id = 2", "block 2 was changed: AuditEvent 2-1")]
    [InlineData("update audit_block set keys = '{}' where id = 2", "block 2 has")]
    [InlineData("update audit_block set told = decode(repeat('00', length(told)), 'hex') where id = 2", "block 2 has")]
    [InlineData("update audit_block set last_at = last_at + interval '1 hour' where id = 2", "block 2 has")]
    [InlineData("update audit_block set events = events - 1 where id = 2", "block 2 has")]
    [InlineData("delete from audit_block where id = 2", "blocks 2 to 2 are missing")]
    [InlineData("insert into audit_event values (9999, 1, now(), 'R', 'read', 200, '', '', '', '', '', '', '', '{}')", "stand in no block")]
    [InlineData("update audit_block set digest = sha256('x') where id = 1", "block 1 was changed")]
    [InlineData("update audit_block set hash = sha256('x') where id = 1", "block 1 does not follow")]
    [InlineData("insert into audit_removal select id, hash, 1 from audit_block where id = 1; delete from audit_block where id = 1", "no event tells of it")]
    public async Task Whoever_gets_round_that_is_found_out(string sql, string problem)
    {
        await using var database = await WrittenAsync();
        await ExecuteAsync(database, $"alter table audit_event disable trigger all; alter table audit_block disable trigger all; alter table audit_removal disable trigger all; {sql}");
        var check = await CheckAsync(database);
        Assert.Contains(check.Problems, found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_process_left_in_its_spool_is_in_the_trail_after_the_next_start()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var directory = Directory.CreateTempSubdirectory("fhirfacade-spool-").FullName;
        await ExecuteAsync(database, "alter table audit_block rename to elsewhere");
        await using (var writer = new AuditWriter(database.DataSource, directory))
        {
            await Task.WhenAll(Enumerable.Range(0, 10).Select(n => writer.AppendAsync(Record(n))));
        }
        Assert.Single(Directory.GetFiles(directory));
        await ExecuteAsync(database, "alter table elsewhere rename to audit_block");

        await using (var next = new AuditWriter(database.DataSource, directory))
        {
            await next.AppendAsync(Record(10));
            await next.FlushAsync();
            var found = await new AuditReader(database.DataSource).FindAsync(new AuditQuery { Patient = "p" }, TestContext.Current.CancellationToken);
            Assert.Equal(11, found.Count);
            Assert.Equal(["request-0", "request-1", "request-10"], found.Select(record => record.Correlation).Order(StringComparer.Ordinal).Take(3));
        }

        Assert.Empty(Directory.GetFiles(directory));
        Assert.Empty((await CheckAsync(database)).Problems);
        Directory.Delete(directory);
    }

    [Fact]
    public async Task What_is_old_can_be_taken_out_and_the_rest_is_proven_as_before()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var now = DateTimeOffset.UtcNow;
        await using (var writer = new AuditWriter(database.DataSource))
        {
            foreach (var days in new[] { 400, 300, 200, 20, 0 })
            {
                await writer.AppendAsync(Record(days) with { At = AuditRecord.Microseconds(now.AddDays(-days)) });
            }
        }
        var retention = new AuditRetention(database.DataSource);

        Assert.Null(await retention.RemoveAsync(now.AddDays(-500), "operator", TestContext.Current.CancellationToken));
        var removed = await retention.RemoveAsync(now.AddDays(-250), "operator", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<PostgresException>(() => retention.RemoveAsync(now.AddDays(-1), "operator", TestContext.Current.CancellationToken));

        Assert.Equal(2, removed!.Events);
        var check = await CheckAsync(database);
        Assert.Empty(check.Problems);
        Assert.Equal(2, check.Removed);
        var found = await new AuditReader(database.DataSource).FindAsync(new AuditQuery(), TestContext.Current.CancellationToken);
        Assert.Equal(["request-0", "request-20", "request-200"], found.Where(record => record.Kind == "read").Select(record => record.Correlation));
        Assert.Contains(found, record => record.Kind == AuditKinds.Trail && record.Subject == "operator");
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(database, "delete from audit_block where id = 3"));
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(database, "delete from audit_removal"));
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_not_answered()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var server = await RunningServer.StartAsync(database.DataSource, access: new AccessOptions { Audit = AuditMode.Durable });
        var root = server.Token(FhirServer.Everything);
        await server.SendAsync(HttpMethod.Put, "fhir/Patient/p", root, FhirServer.Patient("p", "Canary").ToJsonString());
        Assert.Contains("Canary", (await server.GetAsync("fhir/Patient/p", root)).Text, StringComparison.Ordinal);

        await ExecuteAsync(database, "alter table audit_block rename to elsewhere");

        foreach (var path in new[] { "fhir/Patient/p", "fhir/Patient", "fhir/Patient/p/_history", "fhir/Patient/p/$everything", "fhir/Patient?name=Canary" })
        {
            var answer = await server.GetAsync(path, root);
            Assert.True((int)answer.Status >= 500, path);
            Assert.DoesNotContain("Canary", answer.Text, StringComparison.Ordinal);
        }
        await ExecuteAsync(database, "alter table elsewhere rename to audit_block");
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("fhir/Patient/p", root)).Status);
    }

    [Fact]
    public async Task Where_no_trail_is_kept_nobody_is_told_that_nobody_has_seen_a_record()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var server = await RunningServer.StartAsync(database.DataSource, access: new AccessOptions { Audit = AuditMode.Off });
        await server.SendAsync(HttpMethod.Put, "fhir/Patient/p", server.Token(FhirServer.Everything), FhirServer.Patient("p").ToJsonString());
        (await server.GetAsync("fhir/Patient/p/$disclosures", server.Token("patient/*.rs", "p"))).IsOutcome(HttpStatusCode.NotImplemented, "not-supported");
        (await server.GetAsync("fhir/Patient/p/$disclosures", server.Token("patient/*.rs", "q"))).IsOutcome(HttpStatusCode.NotFound, "not-found");
    }
}
