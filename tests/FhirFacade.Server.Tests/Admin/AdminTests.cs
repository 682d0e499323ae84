using System.Net;
using System.Text.Json.Nodes;
using FhirFacade.Server.Smart.Accounts;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Server.Tests.Smart;
using FhirFacade.Storage.Accounts;
using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.Admin;

/// <summary>People, clients, keys and the journal, managed over HTTP.</summary>
public sealed class AdminTests(Site site) : IClassFixture<Site>
{
    private readonly string admin = site.Server.Token("site/admin", client: "ops");

    [Fact]
    public async Task An_account_is_made_changed_locked_out_unlocked_closed_and_opened()
    {
        var name = "user-" + Guid.NewGuid().ToString("N");
        var made = await PostAsync("users", new() { ["userName"] = name.ToUpperInvariant(), ["displayName"] = "New", ["password"] = Site.Password, ["fhirUser"] = "Patient/" + site.Mine });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.DoesNotContain(Site.Password, made.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("users", new() { ["userName"] = name, ["password"] = Site.Password })).Status);
        Assert.Equal("open", Text(await GetAsync("users/" + name), "state"));
        Assert.Contains($"\"userName\":\"{name}\"", (await GetAsync("users")).Text, StringComparison.Ordinal);

        using var launch = new Launch(site);
        var token = await launch.ToTokenAsync(name);
        var (access, refresh) = (token.Json.GetProperty("access_token").GetString()!, token.Json.GetProperty("refresh_token").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Patient/" + site.Mine, access)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync($"users/{name}/sign-out")).Status);
        (await site.Server.GetAsync("fhir/Patient/" + site.Mine, access)).IsOutcome(HttpStatusCode.Unauthorized, "login");
        Assert.Equal(HttpStatusCode.BadRequest, (await launch.RefreshAsync(refresh)).Status);

        for (var i = 0; i < 5; i++)
        {
            Assert.Null(await RecognizeAsync(name, "wrong"));
        }
        Assert.Equal("locked", Text(await GetAsync("users/" + name), "state"));
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync($"users/{name}/unlock")).Status);
        Assert.NotNull(await RecognizeAsync(name, Site.Password));
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync($"users/{name}/password", new() { ["password"] = "another good password" })).Status);
        Assert.Null(await RecognizeAsync(name, Site.Password));
        Assert.NotNull(await RecognizeAsync(name, "another good password"));

        var factor = await PostAsync($"users/{name}/second-factor");
        Assert.StartsWith("otpauth://totp/", Text(factor, "link"), StringComparison.Ordinal);
        Assert.Null(await RecognizeAsync(name, "another good password"));
        var shown = await GetAsync("users/" + name);
        Assert.True(shown.Json.GetProperty("hasSecondFactor").GetBoolean());
        Assert.DoesNotContain("secret", shown.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, $"users/{name}/second-factor")).Status);
        Assert.NotNull(await RecognizeAsync(name, "another good password"));

        Assert.Equal("Renamed", Text(await SendAsync(HttpMethod.Patch, "users/" + name, new() { ["displayName"] = "Renamed", ["fhirUser"] = "Patient/" + site.Other }), "displayName"));
        Assert.Equal("Patient/" + site.Other, Text(await GetAsync("users/" + name), "fhirUser"));
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync($"users/{name}/disable")).Status);
        Assert.Equal("closed", Text(await GetAsync("users/" + name), "state"));
        Assert.Null(await RecognizeAsync(name, "another good password"));
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync($"users/{name}/enable")).Status);
        Assert.NotNull(await RecognizeAsync(name, "another good password"));
    }

    [Fact]
    public async Task A_client_is_registered_changed_given_another_secret_and_closed_and_its_secret_is_shown_once()
    {
        var id = "client-" + Guid.NewGuid().ToString("N");
        var wish = new JsonObject { ["client_id"] = id, ["client_name"] = "Lab", ["scope"] = "system/*.rs", ["token_endpoint_auth_method"] = "client_secret_post" };
        var made = await PostAsync("clients", wish);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var secret = Text(made, "client_secret");
        var token = await TokenAsync(id, secret, "system/*.rs");
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Patient/" + site.Mine, token)).Status);
        Assert.DoesNotContain("client_secret\"", (await GetAsync("clients/" + id)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, (await GetAsync("clients")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("clients", (JsonObject)wish.DeepClone())).Status);

        // What it may no longer have, it has no longer: its tokens end.
        wish["scope"] = "system/Observation.rs";
        Assert.Equal("system/Observation.rs", Text(await SendAsync(HttpMethod.Put, "clients/" + id, (JsonObject)wish.DeepClone()), "scope"));
        (await site.Server.GetAsync("fhir/Patient/" + site.Mine, token)).IsOutcome(HttpStatusCode.Unauthorized, "login");
        wish["token_endpoint_auth_method"] = "none";
        wish["scope"] = "patient/*.rs";
        wish["redirect_uris"] = new JsonArray("https://app.example/");
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Put, "clients/" + id, wish)).Status);

        var another = Text(await PostAsync($"clients/{id}/secret"), "client_secret");
        Assert.NotEqual(secret, another);
        Assert.Equal("", await TokenAsync(id, secret, "system/*.rs"));
        Assert.NotEqual("", await TokenAsync(id, another, "system/*.rs"));
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync($"clients/{id}/disable")).Status);
        Assert.Equal("", await TokenAsync(id, another, "system/*.rs"));
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync($"clients/{id}/enable")).Status);
        Assert.NotEqual("", await TokenAsync(id, another, "system/*.rs"));
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync($"clients/{site.PublicApp}/secret")).Status);
    }

    [Fact]
    public async Task What_people_have_allowed_an_app_can_be_ended_for_all_of_them()
    {
        using var launch = new Launch(site, site.KeyApp);
        var token = await launch.ToTokenAsync(await site.NewPatientUserAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync($"clients/{site.KeyApp}/revoke")).Status);
        (await site.Server.GetAsync("fhir/Patient/" + site.Mine, token.Json.GetProperty("access_token").GetString())).IsOutcome(HttpStatusCode.Unauthorized, "login");
        Assert.Equal(HttpStatusCode.BadRequest, (await launch.RefreshAsync(token.Json.GetProperty("refresh_token").GetString()!)).Status);
    }

    [Fact]
    public async Task Keys_are_listed_and_replaced_and_a_key_that_became_known_ends_what_it_signed()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var server = await RunningServer.StartAsync(database.DataSource, demo: false);
        var token = server.Token("site/admin");
        var before = await server.GetAsync("admin/keys", token);
        Assert.Equal(["signs", "signs"], before.Json.GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("state").GetString()));
        Assert.DoesNotContain("\"d\"", before.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("sealed", before.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Post, "admin/keys/rotate", token, "{}", "application/json")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("admin/keys", token)).Status);       // good until it expires
        var next = server.Token("site/admin");
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Post, "admin/keys/rotate", next, """{"compromised":true}""", "application/json")).Status);
        var jwks = await server.GetAsync(".well-known/jwks.json", null);
        Assert.DoesNotContain(before.Json.GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("kid").GetString()!), kid => jwks.Text.Contains(kid, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("admin/keys", server.Token("site/admin"))).Status);
    }

    [Fact]
    public async Task The_journal_is_shown_without_messages_and_a_message_is_processed_again()
    {
        const string message = "MSH|^~\\&|ADM|HOSP|X|Y|20260101120000||ADT^A04|ADMIN-1|P|2.5\rPID|1||4711^^^HOSP||Canaryfamily^Given||19700101|F\r";
        var sent = await site.Server.SendAsync(HttpMethod.Post, "hl7v2", site.Root, message, "application/hl7-v2");
        Assert.Equal(HttpStatusCode.OK, sent.Status);
        var list = await GetAsync("journal?limit=500");
        var row = list.Json.GetProperty("messages").EnumerateArray().First(m => m.GetProperty("controlId").GetString() == "ADMIN-1");
        Assert.DoesNotContain("Canaryfamily", list.Text, StringComparison.Ordinal);
        var id = row.GetProperty("id").GetInt64();
        var state = "received";
        for (var i = 0; i < 200 && state == "received"; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            var one = await GetAsync($"journal/{id}");
            Assert.DoesNotContain("Canaryfamily", one.Text, StringComparison.Ordinal);
            state = Text(one, "state");
        }
        Assert.Equal("stored", state);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync($"journal/{id}/replay")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("journal/999999999/replay")).Status);
        foreach (var query in new[] { "state=odd", "state=1", "limit=0", "limit=501", "before=x", "colour=red" })
        {
            AssertProblem(HttpStatusCode.BadRequest, await GetAsync("journal?" + query));
        }
    }

    [Fact]
    public async Task Policies_are_shown_as_they_are_set() => Assert.Equal(System.Text.Json.JsonValueKind.Array, (await GetAsync("policies")).Json.GetProperty("policies").ValueKind);

    public static TheoryData<string, string> WrongBodies => new()
    {
        { "users", """{"userName":"x","password":"short"}""" }, { "users", """{"userName":"","password":"a good long password"}""" }, { "users", """{"password":"a good long password"}""" },
        { "users", """{"userName":"x","password":"a good long password","fhirUser":"Organization/1"}""" }, { "users", """{"userName":"x","password":"a good long password","fhirUser":"Patient/../1"}""" },
        { "users", """{"userName":7,"password":"a good long password"}""" }, { "users", """{"userName":"x","password":"a good long password","role":"root"}""" }, { "users", "[]" }, { "users", "{" },
        { "users", """{"userName":"\ud800","password":"a good long password"}""" }, { "users", """{"userName":"x\u0000","password":"a good long password"}""" }, { "clients", """{"\udfff":"x","scope":"system/*.rs"}""" },
        { "users", """{"userName":"x","userName":"y","password":"a good long password"}""" },
        { "clients", """{"client_id":"x","scope":"system/*.rs","token_endpoint_auth_method":"none"}""" }, { "clients", """{"client_id":"x","scope":"site/admin","token_endpoint_auth_method":"none"}""" },
        { "clients", """{"client_id":"x","scope":"system/*.rs","token_endpoint_auth_method":"private_key_jwt"}""" }, { "clients", """{"client_id":"x","scope":"system/*.rs","token_endpoint_auth_method":"client_secret_jwt"}""" },
        { "clients", """{"client_id":"x","scope":"system/*.rs","token_endpoint_auth_method":"private_key_jwt","jwks_uri":"http://10.0.0.1/jwks"}""" }, { "clients", """{"client_id":"x/y","scope":"system/*.rs","token_endpoint_auth_method":"client_secret_basic"}""" },
        { "clients", """{"client_id":"x","scope":"everything","token_endpoint_auth_method":"client_secret_basic"}""" }, { "clients", """{"client_id":"x","scope":"patient/*.rs","token_endpoint_auth_method":"client_secret_basic","redirect_uris":["http://evil.example/"]}""" },
        { "clients", """{"client_id":"x","scope":"system/*.rs","token_endpoint_auth_method":"client_secret_basic","redirect_uris":"https://app.example/"}""" },
        { "clients", """{"client_id":"x","scope":"system/*.rs","token_endpoint_auth_method":"client_secret_basic","client_secret":"chosen"}""" },
    };

    [Theory]
    [MemberData(nameof(WrongBodies))]
    public async Task A_wrong_body_is_refused_as_a_problem_that_repeats_nothing_of_it(string path, string body)
    {
        var answer = await site.Server.SendAsync(HttpMethod.Post, "admin/" + path, admin, body, "application/json");
        AssertProblem(HttpStatusCode.BadRequest, answer);
        Assert.DoesNotContain("good long password", answer.Text, StringComparison.Ordinal);
    }

    private static void AssertProblem(HttpStatusCode status, Answer answer)
    {
        Assert.True(answer.Status == status, answer.Text);
        Assert.StartsWith("application/problem+json", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Equal((int)status, answer.Json.GetProperty("status").GetInt32());
    }

    private Task<Answer> GetAsync(string path) => site.Server.GetAsync("admin/" + path, admin);

    private Task<Answer> PostAsync(string path, JsonObject? body = null) => SendAsync(HttpMethod.Post, path, body);

    private Task<Answer> SendAsync(HttpMethod method, string path, JsonObject? body = null) => site.Server.SendAsync(method, "admin/" + path, admin, body?.ToJsonString(), "application/json");

    private Task<Account?> RecognizeAsync(string user, string password) => site.Service<People>().RecognizeAsync(user, password, "", TestContext.Current.CancellationToken);

    private async Task<string> TokenAsync(string client, string secret, string scope)
    {
        var answer = await site.TokenAsync([new("grant_type", "client_credentials"), new("scope", scope), new("client_id", client), new("client_secret", secret)]);
        return answer.Status == HttpStatusCode.OK ? answer.Json.GetProperty("access_token").GetString()! : "";
    }

    private static string Text(Answer answer, string name) => answer.Json.TryGetProperty(name, out var value) ? value.GetString()! : throw new InvalidOperationException($"no {name} in {answer.Text}");
}
