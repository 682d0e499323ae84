using System.Net;
using System.Text.Json.Nodes;
using FhirFacade.Server.Access;
using FhirFacade.Server.Configuration;
using FhirFacade.TestSupport;
using Npgsql;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Requests with <c>Prefer: respond-async</c>, on a database of their own: whoever works for it takes any of its jobs.</summary>
public sealed class AsyncTests(AsyncServer own) : IClassFixture<AsyncServer>
{
    private static readonly (string, string)[] Later = [("Prefer", "respond-async")];

    private RunningServer Server => own.Server;

    private string Root => Server.Token(FhirServer.Everything);

    [Fact]
    public async Task A_search_is_answered_later_with_all_of_its_pages()
    {
        var patient = await own.PatientWithAsync(observations: 5);
        var accepted = await Server.GetAsync($"fhir/Observation?patient={patient}&_count=2&_format=xml", Root, Later);
        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
        var list = await own.EndAsync(accepted, Root);
        Assert.Equal("application/json; charset=utf-8", list.Header("Content-Type"));
        Assert.NotNull(list.Header("Expires"));
        Assert.True(list.Json.GetProperty("requiresAccessToken").GetBoolean());
        Assert.EndsWith($"/fhir/Observation?patient={patient}&_count=2&_format=xml", list.Json.GetProperty("request").GetString(), StringComparison.Ordinal);
        var pages = await own.PagesAsync(list, Root);
        Assert.Equal([2, 2, 1], pages.Select(page => page.Matches.Count));
        Assert.Equal(5, pages.SelectMany(page => page.Matches).Distinct().Count());
        Assert.All(pages, page => Assert.Null(page.Link("next")));
        var xml = await Server.GetAsync(own.Path(list.Json.GetProperty("output")[0].GetProperty("url").GetString()!), Root, ("Accept", "application/fhir+xml"));
        Assert.StartsWith("application/fhir+xml", xml.Header("Content-Type"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_of_a_patient_a_search_by_POST_and_a_history_are_answered_later_too()
    {
        var patient = await own.PatientWithAsync(observations: 3);
        var everything = await own.AnswerAsync($"fhir/Patient/{patient}/$everything?_count=1", Root);
        Assert.Equal(4, everything.SelectMany(page => page.Matches).Distinct().Count());
        var posted = await Server.SendAsync(HttpMethod.Post, "fhir/Observation/_search", Root, $"patient={patient}", "application/x-www-form-urlencoded", Later);
        Assert.Equal(3, (await own.PagesAsync(await own.EndAsync(posted, Root), Root)).SelectMany(page => page.Matches).Count());
        await Server.SendAsync(HttpMethod.Delete, $"fhir/Patient/{await own.PatientWithAsync(0)}", Root);
        var history = await own.AnswerAsync("fhir/_history?_count=3", Root);
        var versions = history.SelectMany(page => page.Json.GetProperty("entry").EnumerateArray()).Select(entry => entry.GetProperty("request").GetProperty("method").GetString()).ToList();
        Assert.Contains("DELETE", versions);
        Assert.True(versions.Count >= 5);
    }

    [Fact]
    public async Task A_batch_is_carried_out_later_and_its_answers_are_kept()
    {
        var id = FhirServer.NewId();
        var bundle = new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "batch",
            ["entry"] = new JsonArray(
                new JsonObject { ["request"] = new JsonObject { ["method"] = "PUT", ["url"] = $"Patient/{id}" }, ["resource"] = FhirServer.Patient(id) },
                new JsonObject { ["request"] = new JsonObject { ["method"] = "GET", ["url"] = $"Patient?_id={id}" } },
                new JsonObject { ["request"] = new JsonObject { ["method"] = "GET", ["url"] = "Patient/nobody" } }),
        };
        var accepted = await Server.SendAsync(HttpMethod.Post, "fhir", Root, bundle.ToJsonString(), headers: [("Prefer", "respond-async; return=representation")]);
        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
        var answer = Assert.Single(await own.PagesAsync(await own.EndAsync(accepted, Root), Root));
        var entries = answer.Json.GetProperty("entry");
        Assert.Equal(["201 Created", "200 OK", "404 Not Found"], entries.EnumerateArray().Select(entry => entry.GetProperty("response").GetProperty("status").GetString()));
        Assert.Equal(id, entries[1].GetProperty("resource").GetProperty("entry")[0].GetProperty("resource").GetProperty("id").GetString());
    }

    [Fact]
    public async Task What_the_request_itself_is_refused_with_is_told_at_its_end()
    {
        (await own.EndAsync(await Server.GetAsync("fhir/Observation?value-quantity=much", Root, Later), Root)).IsOutcome(HttpStatusCode.BadRequest, "value");
        var token = Server.Token("system/Patient.rs");
        (await own.EndAsync(await Server.GetAsync("fhir/Observation", token, Later), token)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync("fhir/Observation", token: null, Later)).Status);
    }

    [Fact]
    public async Task A_request_that_takes_no_time_is_answered_at_once()
    {
        var patient = await own.PatientWithAsync(0);
        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync($"fhir/Patient/{patient}", Root, Later)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync($"fhir/Patient?_id={patient}", Root, ("Prefer", "handling=strict"))).Status);
    }

    [Fact]
    public async Task It_is_there_for_nobody_but_who_asked_and_not_for_less_than_was_asked_with()
    {
        var patient = await own.PatientWithAsync(1);
        var token = Server.Token("patient/*.rs", patient, client: "one");
        var accepted = await Server.GetAsync("fhir/Observation", token, Later);
        var list = await own.EndAsync(accepted, token);
        var (status, page) = (own.Path(accepted.Header("Content-Location")!), own.Path(list.Json.GetProperty("output")[0].GetProperty("url").GetString()!));
        foreach (var stranger in new[] { Server.Token(FhirServer.Everything, client: "two"), Server.Token("patient/*.rs", patient, client: "two") })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Server.GetAsync(status, stranger)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await Server.GetAsync(page, stranger)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await Server.SendAsync(HttpMethod.Delete, status, stranger)).Status);
        }
        var other = await own.PatientWithAsync(0);
        foreach (var narrower in new[] { Server.Token("patient/Patient.rs", patient, client: "one"), Server.Token("patient/*.rs", other, client: "one"), Server.Token("patient/*.rs", client: "one"), Server.Token("system/Observation.c", client: "one") })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await Server.GetAsync(status, narrower)).Status);
            var refused = await Server.GetAsync(page, narrower);
            Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
            Assert.DoesNotContain(patient, refused.Text, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync(page, token: null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Server.GetAsync(status.Replace("_async/", "_async/0", StringComparison.Ordinal), token)).Status);
        Assert.Single((await Server.GetAsync(page, token)).Matches);
    }

    [Fact]
    public async Task A_row_that_has_been_closed_since_is_not_in_the_answer_any_more()
    {
        var (patient, other) = (await own.PatientWithAsync(3), await own.PatientWithAsync(0));
        var token = Server.Token("patient/*.rs", patient);
        var accepted = await Server.GetAsync("fhir/Observation", token, Later);
        var list = await own.EndAsync(accepted, token);
        var before = Assert.Single(await own.PagesAsync(list, token));
        Assert.Equal(3, before.Json.GetProperty("total").GetInt32());
        var (moved, deleted) = (before.Matches[0].Split('/')[1], before.Matches[1].Split('/')[1]);
        await own.PutAsync(FhirServer.Observation(moved, other));
        await Server.SendAsync(HttpMethod.Delete, $"fhir/Observation/{deleted}", Root);
        var after = Assert.Single(await own.PagesAsync(list, token));
        Assert.Equal([before.Matches[2]], after.Matches);
        Assert.False(after.Json.TryGetProperty("total", out _));
        Assert.DoesNotContain(moved, after.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_policy_has_masked_since_is_not_in_the_answer_any_more()
    {
        await using var open = await own.AnotherAsync(new RestOptions(), ownDatabase: true);
        var patient = await open.PatientWithAsync(0);
        var list = await open.EndAsync(await open.Server.GetAsync("fhir/Patient", open.Server.Token(FhirServer.Everything, client: "narrow"), Later), open.Server.Token(FhirServer.Everything, client: "narrow"));
        await using var strict = await open.WithPolicyAsync(new AccessOptions { Audit = AuditMode.Spooled, Policies = [new ClientPolicyOptions { Client = "narrow", Masked = ["Patient.name"] }] });
        var page = Assert.Single(await strict.PagesAsync(list, strict.Server.Token(FhirServer.Everything, client: "narrow")));
        Assert.Equal([$"Patient/{patient}"], page.Matches);
        Assert.DoesNotContain("Muster", page.Text, StringComparison.Ordinal);
        await using var closed = await open.WithPolicyAsync(new AccessOptions { Audit = AuditMode.Spooled, Policies = [new ClientPolicyOptions { Client = "narrow", Types = ["Encounter"] }] });
        Assert.Empty(Assert.Single(await closed.PagesAsync(list, closed.Server.Token(FhirServer.Everything, client: "narrow"))).Entries);
    }

    [Fact]
    public async Task It_can_be_cancelled_and_then_it_is_gone()
    {
        await using var idle = await own.AnotherAsync(new RestOptions { AsyncWorkers = 0, MaxAsyncOfClient = 2 }, ownDatabase: true);
        var token = idle.Server.Token(FhirServer.Everything);
        var accepted = await idle.Server.GetAsync("fhir/Patient", token, Later);
        var status = idle.Path(accepted.Header("Content-Location")!);
        var waiting = await idle.Server.GetAsync(status, token);
        Assert.Equal(HttpStatusCode.Accepted, waiting.Status);
        Assert.NotEmpty(waiting.Header("X-Progress")!);
        Assert.True(int.Parse(waiting.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture) >= 1);
        (await idle.Server.GetAsync(status + "/1", token)).IsOutcome(HttpStatusCode.Conflict, "conflict");
        Assert.Equal(HttpStatusCode.Accepted, (await idle.Server.GetAsync("fhir/Patient", token, Later)).Status);
        (await idle.Server.GetAsync("fhir/Patient", token, Later)).IsOutcome(HttpStatusCode.TooManyRequests, "throttled");
        Assert.Equal(HttpStatusCode.Accepted, (await idle.Server.SendAsync(HttpMethod.Delete, status, token)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await idle.Server.GetAsync(status, token)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await idle.Server.GetAsync("fhir/Patient", token, Later)).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await idle.Server.SendAsync(HttpMethod.Put, status, token, "{}")).Status);
    }

    [Fact]
    public async Task After_a_restart_a_search_goes_on_and_what_may_have_changed_something_fails_clearly()
    {
        await using var stopped = await own.AnotherAsync(new RestOptions { AsyncWorkers = 0 }, ownDatabase: true);
        var token = stopped.Server.Token(FhirServer.Everything);
        await stopped.Server.SendAsync(HttpMethod.Put, "fhir/Patient/a", token, FhirServer.Patient("a").ToJsonString());
        var search = await stopped.Server.GetAsync("fhir/Patient", token, Later);
        var left = await stopped.Server.GetAsync("fhir/Patient?_id=a", token, Later);
        var batch = await stopped.Server.SendAsync(HttpMethod.Post, "fhir", token, """{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"DELETE","url":"Patient/a"}}]}""", headers: Later);
        await stopped.ExecuteAsync("update async_job set state = 'running', beat_at = now() - interval '1 hour' where id = any($1)", new[] { left, batch }.Select(job => job.Header("Content-Location")!.Split('/')[^1]).ToArray());

        await using var next = await own.AnotherAsync(new RestOptions(), stopped);
        token = next.Server.Token(FhirServer.Everything);
        Assert.Equal(["Patient/a"], Assert.Single(await next.PagesAsync(await next.EndAsync(search, token), token)).Matches);
        Assert.Equal(["Patient/a"], Assert.Single(await next.PagesAsync(await next.EndAsync(left, token), token)).Matches);
        (await next.EndAsync(batch, token)).IsOutcome(HttpStatusCode.InternalServerError, "exception");
        Assert.Equal(HttpStatusCode.OK, (await next.Server.GetAsync("fhir/Patient/a", token)).Status);
    }

    [Fact]
    public async Task An_answer_expires()
    {
        await using var brief = await own.AnotherAsync(new RestOptions { AsyncLifetime = TimeSpan.FromMilliseconds(1) }, ownDatabase: true);
        var token = brief.Server.Token(FhirServer.Everything);
        var accepted = await brief.Server.GetAsync("fhir/Patient", token, Later);
        Assert.Equal(HttpStatusCode.NotFound, (await brief.EndAsync(accepted, token)).Status);
    }
}

/// <summary>A server that answers later, and what a client of it does.</summary>
public sealed class AsyncServer : IAsyncLifetime
{
    private readonly RestOptions options;
    private TestDatabase? database;
    private AccessOptions? access;
    private readonly bool isOwner = true;

    public AsyncServer() => options = new RestOptions();

    private AsyncServer(RestOptions options, TestDatabase? database) => (this.options, this.database, isOwner) = (options, database, database is null);

    public RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        database ??= await TestCluster.NewDatabaseAsync();
        Server = await RunningServer.StartAsync(database.DataSource, rest: options, access: access);
    }

    public async Task<AsyncServer> AnotherAsync(RestOptions rest, bool ownDatabase) => await StartedAsync(new AsyncServer(rest, ownDatabase ? null : database));

    /// <summary>One that goes on with the database of another.</summary>
    public async Task<AsyncServer> AnotherAsync(RestOptions rest, AsyncServer of) => await StartedAsync(new AsyncServer(rest, of.database));

    /// <summary>One that goes on with the same database, under a policy.</summary>
    public async Task<AsyncServer> WithPolicyAsync(AccessOptions access) => await StartedAsync(new AsyncServer(options, database) { access = access });

    public async Task ExecuteAsync(string sql, object value)
    {
        await using var command = database!.DataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync();
    }

    public async Task PutAsync(JsonObject resource) => Assert.True((int)(await Server.SendAsync(
        HttpMethod.Put, $"fhir/{resource["resourceType"]}/{resource["id"]}", Server.Token(FhirServer.Everything), resource.ToJsonString())).Status < 300);

    public async Task<string> PatientWithAsync(int observations)
    {
        var patient = FhirServer.NewId();
        await PutAsync(FhirServer.Patient(patient));
        for (var i = 0; i < observations; i++)
        {
            await PutAsync(FhirServer.Observation(FhirServer.NewId(), patient));
        }
        return patient;
    }

    public string Path(string url) => url[(url.IndexOf("/fhir/", StringComparison.Ordinal) + 1)..];

    /// <summary>Asks for the status until it is something else than 202.</summary>
    public async Task<Answer> EndAsync(Answer accepted, string token)
    {
        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
        while (true)
        {
            var status = await Server.GetAsync(Path(accepted.Header("Content-Location")!), token);
            if (status.Status != HttpStatusCode.Accepted)
            {
                return status;
            }
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public async Task<List<Answer>> PagesAsync(Answer list, string token)
    {
        Assert.Equal(HttpStatusCode.OK, list.Status);
        var pages = new List<Answer>();
        foreach (var url in list.Json.GetProperty("output").EnumerateArray().Select(output => output.GetProperty("url").GetString()!))
        {
            pages.Add(await Server.GetAsync(Path(url), token));
            Assert.Equal(HttpStatusCode.OK, pages[^1].Status);
        }
        return pages;
    }

    public async Task<List<Answer>> AnswerAsync(string path, string token) =>
        await PagesAsync(await EndAsync(await Server.GetAsync(path, token, ("Prefer", "respond-async")), token), token);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (isOwner)
        {
            await database!.DisposeAsync();
        }
    }

    private static async Task<AsyncServer> StartedAsync(AsyncServer server)
    {
        await server.InitializeAsync();
        return server;
    }
}
