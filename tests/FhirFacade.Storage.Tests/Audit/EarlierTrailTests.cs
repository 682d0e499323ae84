using FhirFacade.Storage.Audit;
using FhirFacade.TestSupport;
using Npgsql;
using Xunit;

namespace FhirFacade.Storage.Tests.Audit;

/// <summary>A trail that version 0.1 began, with a row an event, and this version goes on with.</summary>
public sealed class EarlierTrailTests
{
    private static async Task<TestDatabase> BegunAsync()
    {
        var database = await TestCluster.NewDatabaseAsync();
        byte[] head = [];
        for (var block = 1; block <= 2; block++)
        {
            AuditRecord[] events = [AuditSpoolTests.Record(block * 2), AuditSpoolTests.Record((block * 2) + 1)];
            var digest = EarlierDigest.Of(events);
            head = AuditChain.Hash(head, digest);
            await using var command = database.DataSource.CreateCommand("insert into audit_block (id, events, digest, hash) values ($1, 2, $2, $3)");
            command.Parameters.AddRange(new NpgsqlParameter[] { new() { Value = (long)block }, new() { Value = digest }, new() { Value = head } });
            await command.ExecuteNonQueryAsync();
            foreach (var (e, number) in events.Select((e, i) => (e, i + 1)))
            {
                await using var row = database.DataSource.CreateCommand("insert into audit_event values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
                row.Parameters.AddRange(new NpgsqlParameter[]
                {
                    new() { Value = (long)block }, new() { Value = number }, new() { Value = e.At.UtcDateTime }, new() { Value = e.Action }, new() { Value = e.Kind }, new() { Value = e.Status },
                    new() { Value = e.Subject }, new() { Value = e.Client }, new() { Value = e.Address }, new() { Value = e.Purpose }, new() { Value = e.Correlation }, new() { Value = e.Target },
                    new() { Value = string.Join(' ', e.Entities) }, new() { Value = e.Patients.ToArray() },
                });
                await row.ExecuteNonQueryAsync();
            }
        }
        await using (var writer = new AuditWriter(database.DataSource))
        {
            await writer.AppendAsync(AuditSpoolTests.Record(6) with { Patients = ["p-2"] });
        }
        return database;
    }

    [Fact]
    public async Task Its_events_are_found_after_the_later_ones()
    {
        await using var database = await BegunAsync();
        var reader = new AuditReader(database.DataSource);
        Assert.Equal(["request-6", "request-5", "request-4", "request-3", "request-2"], (await reader.FindAsync(new AuditQuery(), TestContext.Current.CancellationToken)).Select(e => e.Correlation));
        Assert.Equal(["request-6", "request-2"], (await reader.FindAsync(new AuditQuery { Patient = "p-2" }, TestContext.Current.CancellationToken)).Select(e => e.Correlation));
        Assert.Equal(["request-4"], (await reader.FindAsync(new AuditQuery { After = (2, 2), Count = 1 }, TestContext.Current.CancellationToken)).Select(e => e.Correlation));
        Assert.Equal(["request-3"], (await reader.FindAsync(new AuditQuery { Place = (1, 2) }, TestContext.Current.CancellationToken)).Select(e => e.Correlation));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("update audit_event set client = 'nobody' where block = 2 and number = 1", 1)]
    [InlineData("delete from audit_event where block = 1 and number = 1", 1)]
    [InlineData("delete from audit_block where id = 1", 3)]
    public async Task It_is_one_chain_that_can_be_checked(string sql, int problems)
    {
        await using var database = await BegunAsync();
        await using var command = database.DataSource.CreateCommand($"set session_replication_role = replica; {sql}; reset session_replication_role");
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var check = await new AuditVerification(database.DataSource).CheckAsync(TestContext.Current.CancellationToken);
        Assert.Equal(problems, check.Problems.Count);
        Assert.Equal(3, check.Blocks);
    }
}
