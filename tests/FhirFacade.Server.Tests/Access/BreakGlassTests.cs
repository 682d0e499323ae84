using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Server.Access;
using FhirFacade.Server.Access.BreakGlass;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Smart.Accounts;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Server.Tests.Smart;
using FhirFacade.Storage.Accounts;

namespace FhirFacade.Server.Tests.Access;

/// <summary>Emergency access: for people with the right, through clients that may, with a reason, for a while; and for nobody else.</summary>
public sealed class BreakGlassTests(Site site) : IClassFixture<Site>
{
    private const string Reason = "canary-reason: unconscious, no relatives here";
    private const string Scope = "openid launch/patient offline_access user/Patient.cruds user/Observation.cruds";

    private static readonly (string, string) Emergency = (PurposeOfUseHeader.Name, "BTG");
    private static readonly (string, string) Why = (PurposeOfUseHeader.Reason, Reason);

    [Fact]
    public async Task With_a_reason_a_person_with_the_right_reads_the_records_of_everybody_and_nothing_else_changes()
    {
        var token = await TokenAsync(await PersonAsync());
        (await ReadAsync(token, site.Other)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await ReadAsync(token, site.Other, Emergency)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await ReadAsync(token, site.Other, Emergency, (PurposeOfUseHeader.Reason, "short"))).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(token, site.Other, Emergency, Why)).Status);
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(token, site.Other, Emergency)).Status);
        (await ReadAsync(token, site.Other)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(["Observation/obs-" + site.Other], (await site.Server.GetAsync($"fhir/Observation?patient={site.Other}", token, Emergency)).Matches);
        Assert.Empty((await site.Server.GetAsync($"fhir/Observation?patient={site.Other}", token)).Matches);
        Assert.Contains("Patient/" + site.Other, (await site.Server.GetAsync($"fhir/Patient/{site.Other}/$everything", token, Emergency)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_opens_no_type_and_no_interaction_that_the_scope_does_not()
    {
        var token = await TokenAsync(await PersonAsync());
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(token, site.Other, Emergency, Why)).Status);
        (await site.Server.GetAsync("fhir/Encounter", token, Emergency)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.DoesNotContain("CareTeam", (await site.Server.GetAsync($"fhir/Patient/{site.Mine}/$everything", token, Emergency)).Text, StringComparison.Ordinal);
        var observation = FhirServer.Observation("obs-" + site.Other, site.Other, "8302-2").ToJsonString();
        (await site.Server.SendAsync(HttpMethod.Put, "fhir/Observation/obs-" + site.Other, token, observation, headers: Emergency)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        await site.Server.SendAsync(HttpMethod.Delete, "fhir/Observation/obs-" + site.Other, token, headers: Emergency);
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Observation/obs-" + site.Other, site.Root)).Status);
        (await site.Server.SendAsync(HttpMethod.Post, "fhir/Observation", token, observation, headers: Emergency)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Patient_scopes_stay_with_their_patient()
    {
        using var launch = new Launch(site, site.SecretApp, "launch/patient patient/*.rs");
        var token = (await launch.ToTokenAsync(await PersonAsync())).Json.GetProperty("access_token").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(token, site.Mine, Emergency, Why)).Status);
        (await ReadAsync(token, site.Other, Emergency)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.Empty((await site.Server.GetAsync($"fhir/Observation?patient={site.Other}", token, Emergency)).Matches);
    }

    [Fact]
    public async Task What_carries_an_excluded_label_is_open_for_as_long_as_it_lasts()
    {
        var celebrity = FhirServer.Observation("cel-" + site.Mine, site.Mine);
        celebrity["meta"] = new JsonObject { ["security"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v3-ActCode", ["code"] = Site.Excluded }) };
        await site.PutAsync(celebrity);
        var token = await TokenAsync(await PersonAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await site.Server.GetAsync("fhir/Observation/cel-" + site.Mine, token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Observation/cel-" + site.Mine, token, Emergency, Why)).Status);
    }

    [Fact]
    public async Task What_the_patient_has_denied_is_open_for_as_long_as_it_lasts_and_not_before()
    {
        var third = "third-" + Guid.NewGuid().ToString("N");
        await site.PutAsync(FhirServer.Patient(third));
        await site.PutAsync(FhirServer.Observation("obs-" + third, third));
        var team = site.Team(third);
        team["id"] = "team-" + third;
        await site.PutAsync(team);
        var token = await TokenAsync(await PersonAsync());
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Observation/obs-" + third, token)).Status);
        await site.PutAsync((JsonObject)JsonNode.Parse($$"""
            {"resourceType":"Consent","id":"deny-{{third}}","status":"active","scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
            "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],"patient":{"reference":"Patient/{{third}}"},"policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPTIN"}]},
            "provision":{"type":"deny"} }
            """)!);
        Assert.Equal(HttpStatusCode.NotFound, (await site.Server.GetAsync("fhir/Observation/obs-" + third, token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Observation/obs-" + third, token, Emergency, Why)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await site.Server.GetAsync("fhir/Observation/obs-" + third, token)).Status);
    }

    [Fact]
    public async Task Whoever_has_not_the_right_or_comes_through_a_client_that_may_not_is_refused()
    {
        var without = await TokenAsync(await PersonAsync(mayBreakGlass: false));
        (await ReadAsync(without, site.Other, Emergency, Why)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        var otherClient = await TokenAsync(await PersonAsync(), site.PublicApp);
        (await ReadAsync(otherClient, site.Other, Emergency, Why)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await ReadAsync(site.Root, site.Other, Emergency, Why)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await ReadAsync(site.Server.Token("system/*.rs", client: site.SecretApp), site.Other, Emergency, Why)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        var patient = await site.NewPatientUserAsync();
        await RightAsync(patient, true);
        (await ReadAsync(await TokenAsync(patient), site.Other, Emergency, Why)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.DoesNotContain(await ListAsync(), item => item.UserName == patient);
    }

    [Fact]
    public async Task It_ends_by_time_by_loss_of_the_right_by_closing_the_account_and_by_revocation()
    {
        var person = await PersonAsync();
        var token = await TokenAsync(person);
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(token, site.Other, Emergency, Why)).Status);
        await ExecuteAsync($"update break_glass b set expires_at = now() - interval '1 second' from smart_account a where a.id = b.account and a.user_name = '{person}'");
        (await ReadAsync(token, site.Other, Emergency)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(token, site.Other, Emergency, Why)).Status);
        await RightAsync(person, false);
        (await ReadAsync(token, site.Other, Emergency)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await ReadAsync(token, site.Other, Emergency, Why)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        await RightAsync(person, true);
        (await ReadAsync(token, site.Other, Emergency)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(token, site.Other, Emergency, Why)).Status);
        await ExecuteAsync($"update smart_account set disabled = true where user_name = '{person}'");
        (await ReadAsync(token, site.Other, Emergency)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");

        var second = await TokenAsync(await PersonAsync());
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(second, site.Other, Emergency, Why)).Status);
        await site.PostAsync("oauth/revoke", [new("token", second), .. site.Proof(site.SecretApp)]);
        (await ReadAsync(second, site.Other, Emergency)).IsOutcome(HttpStatusCode.Unauthorized, "login");
    }

    [Fact]
    public async Task Another_app_of_the_same_person_has_no_part_in_it()
    {
        var person = await PersonAsync();
        var (one, two) = (await TokenAsync(person), await TokenAsync(person));
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(one, site.Other, Emergency, Why)).Status);
        (await ReadAsync(two, site.Other, Emergency)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Entries_of_a_batch_come_along_and_what_is_answered_later_does_not()
    {
        var token = await TokenAsync(await PersonAsync());
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(token, site.Other, Emergency, Why)).Status);
        var bundle = $$"""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/{{site.Other}}"} } ] }""";
        Assert.Contains("\"200", (await site.Server.SendAsync(HttpMethod.Post, "fhir/", token, bundle, headers: Emergency)).Text, StringComparison.Ordinal);
        Assert.Contains("\"404", (await site.Server.SendAsync(HttpMethod.Post, "fhir/", token, bundle)).Text, StringComparison.Ordinal);
        var caller = GrantFactory.Restore(Site.Claims(token).EnumerateObject().Where(claim => claim.Value.ValueKind == JsonValueKind.String)
            .Select(claim => new System.Security.Claims.Claim(claim.Name, claim.Value.GetString()!)).Append(new(GrantFactory.PurposeClaim, "BTG")), site.Server.Settings);
        Assert.Empty(GrantFactory.From(caller).Purpose);
        Assert.IsType<Fhir.Access.TypeAccess.Denied>(GrantFactory.From(caller).For("Patient", Fhir.Access.Interactions.Read, Fhir.Access.Enforcement.All));
    }

    [Fact]
    public async Task At_a_launch_the_person_says_why_picks_anybody_and_gets_no_more_than_the_time_it_lasts()
    {
        using var launch = new Launch(site, site.SecretApp, "openid launch/patient offline_access online_access patient/*.rs");
        launch.Parameters["purpose_of_use"] = "BTG";
        var form = await launch.SignInAsync(await PersonAsync());
        Assert.Contains("Emergency access", form.Text, StringComparison.Ordinal);
        var again = await launch.Browser.SubmitAsync(form, "/oauth/break-glass", ("reason", "short"));
        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        var picker = await launch.Browser.SubmitAsync(again, "/oauth/break-glass", ("reason", Reason));
        var consent = await launch.Browser.SubmitAsync(picker, "/oauth/patient", ("patient", site.Other));
        Assert.DoesNotContain("offline_access", consent.Text, StringComparison.Ordinal);
        var token = (await launch.RedeemAsync(launch.Code(await launch.Browser.SubmitAsync(consent, "/oauth/consent", ("decision", "allow"))))).Json;
        Assert.Equal((site.Other, "BTG"), (token.GetProperty("patient").GetString(), token.GetProperty("purpose_of_use").GetString()));
        Assert.False(token.TryGetProperty("refresh_token", out _));
        var access = token.GetProperty("access_token").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(access, site.Other)).Status);
        (await ReadAsync(access, site.Other, (PurposeOfUseHeader.Name, "TREAT"))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        await ExecuteAsync($"update break_glass set ended_at = now() where authorization_id = '{Site.Claims(access).GetProperty("authorization_id").GetString()}'");
        (await ReadAsync(access, site.Other)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_launch_of_somebody_without_the_right_or_of_an_app_that_may_not_goes_back_with_an_error()
    {
        using var person = new Launch(site, site.SecretApp);
        person.Parameters["purpose_of_use"] = "BTG";
        Assert.Equal("access_denied", person.Back(await person.SignInAsync(await PersonAsync(mayBreakGlass: false)))["error"]);
        using var app = new Launch(site, site.PublicApp);
        app.Parameters["purpose_of_use"] = "BTG";
        Assert.Equal("invalid_request", app.Back(await app.StartAsync())["error"]);
        using var silent = new Launch(site, site.SecretApp);
        var user = await PersonAsync();
        await silent.SignInAsync(user);
        silent.Parameters["purpose_of_use"] = "BTG";
        silent.Parameters["prompt"] = "none";
        Assert.Equal("interaction_required", silent.Back(await silent.StartAsync())["error"]);
    }

    [Fact]
    public async Task Each_is_on_the_list_until_somebody_has_looked_into_it()
    {
        var person = await PersonAsync();
        await ReadAsync(await TokenAsync(person), site.Other, Emergency, Why);
        var reviewer = site.Server.Token(SiteScopes.Review, client: "officer");
        (await site.Server.GetAsync("site/break-glass", site.Root)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.Server.GetAsync("site/break-glass", null)).Status);
        var mine = (await site.Server.GetAsync("site/break-glass", reviewer)).Json.GetProperty("events").EnumerateArray().Single(item => item.GetProperty("user").GetString() == person);
        Assert.Equal((Reason, site.SecretApp), (mine.GetProperty("reason").GetString(), mine.GetProperty("client").GetString()));
        var path = $"site/break-glass/{mine.GetProperty("id").GetString()}/reviewed";
        (await site.Server.SendAsync(HttpMethod.Post, path, site.Root, "{}", "application/json")).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        foreach (var body in (string[])["", "[]", """{"note":5}""", """{"note":"\ud800"}""", """{"note":"\u0000"}"""])
        {
            (await site.Server.SendAsync(HttpMethod.Post, path, reviewer, body, "application/json")).IsOutcome(HttpStatusCode.BadRequest, "structure");
        }
        Assert.Equal(HttpStatusCode.NoContent, (await site.Server.SendAsync(HttpMethod.Post, path, reviewer, """{"note":"was right"}""", "application/json")).Status);
        (await site.Server.SendAsync(HttpMethod.Post, path, reviewer, "{}", "application/json")).IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.DoesNotContain(await ListAsync(), item => item.UserName == person);
        var reviewed = (await site.Service<BreakGlassStore>().ListAsync(all: true, TestContext.Current.CancellationToken)).Single(item => item.UserName == person);
        Assert.Equal(("officer", "was right"), (reviewed.ReviewedBy, reviewed.ReviewNote));
    }

    [Fact]
    public void A_duration_without_measure_stops_the_server() =>
        Assert.Throws<StartupException>(() => SmartSettings.From(new ServerOptions { Access = new AccessOptions { BreakGlass = new BreakGlassOptions { Duration = TimeSpan.FromDays(30) } } }));

    private async Task<string> PersonAsync(bool mayBreakGlass = true)
    {
        var user = "doctor-" + Guid.NewGuid().ToString("N");
        await site.Service<People>().AddAsync(user, "Dr Other", Site.Password, "Practitioner/" + site.Practitioner, demo: false, default);
        await RightAsync(user, mayBreakGlass);
        return user;
    }

    private async Task RightAsync(string user, bool may) =>
        await site.Service<BreakGlassStore>().SetRightAsync((await site.Service<AccountStore>().FindAsync(user, default))!.Id, may, default);

    private Task<IReadOnlyList<BreakGlassEvent>> ListAsync() => site.Service<BreakGlassStore>().ListAsync(all: false, default);

    private async Task<string> TokenAsync(string user, string? client = null)
    {
        using var launch = new Launch(site, client ?? site.SecretApp, Scope);
        return (await launch.ToTokenAsync(user)).Json.GetProperty("access_token").GetString()!;
    }

    private Task<Answer> ReadAsync(string token, string patient, params (string Name, string Value)[] headers) => site.Server.GetAsync("fhir/Patient/" + patient, token, headers);

    private async Task ExecuteAsync(string sql)
    {
        await using var command = (await site.DataSourceAsync()).CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
