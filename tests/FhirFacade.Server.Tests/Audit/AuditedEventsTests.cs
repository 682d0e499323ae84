using System.Net;
using System.Text.Json;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Tests.Ingest;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Storage.Audit;
using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.Audit;

/// <summary>What else leaves an event than what a client reads and writes: messages, refusals at the door, changes of the configuration, a start with other settings.</summary>
public sealed class AuditedEventsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<AuditRecord> SingleAsync(TestDatabase database, AuditQuery query)
    {
        for (var wait = 0; ; wait++)
        {
            var found = await new AuditReader(database.DataSource).FindAsync(query, Stop);
            if (found.Count > 0 || wait == 300)
            {
                return Assert.Single(found);
            }
            await Task.Delay(100, Stop);
        }
    }

    [Fact]
    public async Task A_message_that_came_in_is_told_of_without_its_content()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var server = await RunningServer.StartAsync(database.DataSource);
        var message = "MSH|^~\\&|LABSYS|NORTH|||20240102030405||ADT^A01|CTRL-77|P|2.5\rPID|1||123^^^H||CANARYNAME^A\r";
        await server.SendAsync(HttpMethod.Post, "hl7v2", server.Token("system/*.cu"), message, "application/hl7-v2");
        await server.SendAsync(HttpMethod.Post, "hl7v2", server.Token("system/*.cu"), "no message at all", "application/hl7-v2");

        var told = await SingleAsync(database, new AuditQuery { Agent = "LABSYS|NORTH", Kind = AuditKinds.Message });

        Assert.Equal(("C", 200), (told.Action, told.Status));
        Assert.EndsWith("/CTRL-77", told.Target, StringComparison.Ordinal);
        Assert.DoesNotContain("CANARY", told.ToString(), StringComparison.Ordinal);
        Assert.Equal(400, (await SingleAsync(database, new AuditQuery { Kind = AuditKinds.Message, Failed = true })).Status);
        var json = (await server.GetAsync("fhir/AuditEvent?agent=LABSYS|NORTH", server.Token("system/AuditEvent.rs"))).Json.GetProperty("entry")[0].GetProperty("resource");
        Assert.Equal("110107", json.GetProperty("type").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_request_that_came_too_often_is_told_of()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var server = await RunningServer.StartAsync(database.DataSource, rest: new RestOptions { RequestsPerSecond = 1, Burst = 0 });
        var token = server.Token("system/*.rs", client: "eager");
        while ((await server.GetAsync("fhir/Patient/p", token)).Status != HttpStatusCode.TooManyRequests)
        {
            await Task.Yield();
        }
        var found = await SingleOrMoreAsync(database, new AuditQuery { Agent = "eager", Failed = true });
        Assert.Contains(found, told => told.Status == 429);
    }

    [Fact]
    public async Task Who_looks_at_emergencies_and_who_may_not_is_told_of()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var server = await RunningServer.StartAsync(database.DataSource);
        await server.GetAsync("site/break-glass", server.Token(SiteScopes.Review, client: "officer"));
        await server.SendAsync(HttpMethod.Post, $"site/break-glass/{Guid.Empty}/reviewed", server.Token("system/*.rs", client: "nosy"), "{}", "application/json");

        var looked = await SingleAsync(database, new AuditQuery { Agent = "officer" });
        Assert.Equal(("R", AuditKinds.Configuration, 200, "site/break-glass"), (looked.Action, looked.Kind, looked.Status, looked.Target));
        var refused = await SingleAsync(database, new AuditQuery { Agent = "nosy" });
        Assert.Equal(("U", 403), (refused.Action, refused.Status));
    }

    [Fact]
    public async Task An_event_says_what_the_data_was_wanted_for()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var server = await RunningServer.StartAsync(database.DataSource);
        await server.GetAsync("fhir/Patient?_id=p", server.Token("system/*.rs", client: "doctor"));
        var told = (await server.GetAsync("fhir/AuditEvent?agent=doctor", server.Token("system/AuditEvent.rs"))).Json.GetProperty("entry")[0].GetProperty("resource");
        Assert.Equal("TREAT", Code(told.GetProperty("purposeOfEvent")));
        Assert.Equal("TREAT", Code(told.GetProperty("agent").EnumerateArray().Single(agent => agent.GetProperty("requestor").GetBoolean()).GetProperty("purposeOfUse")));
        static string? Code(JsonElement concepts) => concepts[0].GetProperty("coding")[0].GetProperty("code").GetString();
    }

    [Fact]
    public async Task The_settings_are_told_of_at_a_start_that_changes_them()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var query = new AuditQuery { Agent = "fhirfacade-server", Kind = AuditKinds.Configuration };
        await using (await RunningServer.StartAsync(database.DataSource))
        {
            await SingleAsync(database, query);
        }
        await using (await RunningServer.StartAsync(database.DataSource, rest: new RestOptions { RequestsPerSecond = 77 }))
        {
            while ((await new AuditReader(database.DataSource).FindAsync(query, Stop)).Count < 2)
            {
                await Task.Delay(100, Stop);
            }
        }
    }

    [Fact]
    public async Task A_client_that_an_operator_adds_is_told_of()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var data = Directory.CreateTempSubdirectory("fhirfacade-audit-").FullName;
        (string, string)[] settings = [("DataDirectory", data), ("Storage__ConnectionString", database.ConnectionString)];
        var (code, _, error) = await HostProcess.RunAsync(["client", "add", "my-app", "--scope", "patient/*.rs", "--redirect", "https://app.example/back"], settings);
        Assert.True(code == 0, error);
        await HostProcess.RunAsync(["client", "list"], settings);

        var told = await SingleAsync(database, new AuditQuery { Kind = AuditKinds.Configuration });

        Assert.Equal("client/add/my-app", told.Target);
        Assert.Equal("os:" + Environment.UserName, told.Subject);
        Directory.Delete(data, recursive: true);
    }

    private static async Task<IReadOnlyList<AuditRecord>> SingleOrMoreAsync(TestDatabase database, AuditQuery query)
    {
        while (true)
        {
            if (await new AuditReader(database.DataSource).FindAsync(query, Stop) is { Count: > 0 } found)
            {
                return found;
            }
            await Task.Delay(100, Stop);
        }
    }
}
