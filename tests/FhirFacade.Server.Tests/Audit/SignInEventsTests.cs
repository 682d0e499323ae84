using System.Text.Json;
using FhirFacade.Fhir.Validation;
using FhirFacade.Server.Access;
using FhirFacade.Server.Smart.Accounts;
using FhirFacade.Server.Tests.Smart;
using FhirFacade.Storage.Accounts;
using FhirFacade.Storage.Audit;

namespace FhirFacade.Server.Tests.Audit;

/// <summary>What the trail tells of people at the pages of the authorisation server: who came, through which app, whom they were shown, and what of it failed.</summary>
public sealed class SignInEventsTests(Site site) : IClassFixture<Site>
{
    private const string Reason = "canary-reason: nobody else is on duty";
    private const string Dicom = "http://dicom.nema.org/resources/ontology/DCM";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sign_in_tells_who_came_through_which_app_and_whom_the_next_page_shows()
    {
        using var launch = new Launch(site, site.PublicApp);
        await launch.SignInAsync(site.Doctor);

        var told = Assert.Single(await ToldAsync(await SubjectAsync(site.Doctor), "oauth/sign-in"));

        Assert.Equal(("E", AuditKinds.Token, false, site.PublicApp), (told.Action, told.Kind, told.IsFailure, told.Client));
        Assert.Equal([site.Mine], told.Patients);
        var json = await JsonAsync(told);
        Assert.Equal((Dicom, "110114", "110122", "0"), (json.GetProperty("type").GetProperty("system").GetString(), json.GetProperty("type").GetProperty("code").GetString(), Subtypes(json)[0], json.GetProperty("outcome").GetString()));
        var agents = json.GetProperty("agent").EnumerateArray().ToDictionary(agent => agent.GetProperty("requestor").GetBoolean() ? "person" : agent.GetProperty("who").TryGetProperty("display", out _) ? "server" : "app");
        Assert.Equal(told.Subject, agents["person"].GetProperty("who").GetProperty("identifier").GetProperty("value").GetString());
        Assert.Equal(site.PublicApp, agents["app"].GetProperty("who").GetProperty("identifier").GetProperty("value").GetString());
        Assert.Equal("127.0.0.1", agents["app"].GetProperty("network").GetProperty("address").GetString());
        Assert.Contains(json.GetProperty("entity").EnumerateArray(), entity => entity.TryGetProperty("what", out var what) && what.TryGetProperty("reference", out var reference) && reference.GetString() == "Patient/" + site.Mine);
        Assert.DoesNotContain(Site.Password, json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_that_failed_tells_of_the_app_and_not_of_the_name_that_was_typed()
    {
        using var launch = new Launch(site, site.KeyApp);
        await launch.Browser.SubmitAsync(await launch.StartAsync(), "/oauth/sign-in", ("user", "canary-typed-here"), ("password", "wrong"));

        var told = Assert.Single(await ToldAsync(site.KeyApp, "oauth/sign-in"));

        Assert.True(told.IsFailure);
        Assert.Equal("", told.Subject);
        var json = await JsonAsync(told);
        Assert.Equal("4", json.GetProperty("outcome").GetString());
        Assert.DoesNotContain("canary", json.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Each_page_tells_whom_it_shows_and_nothing_that_was_looked_for()
    {
        using var launch = new Launch(site, site.PublicApp, "openid launch/patient launch/encounter patient/*.rs");
        await site.PutAsync(Rest.FhirServer.Observation("picked-" + site.Mine, site.Mine));
        await site.PutAsync((System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(
            $$"""{"resourceType":"Encounter","id":"visit-{{site.Mine}}","status":"in-progress","class":{"code":"AMB"},"subject":{"reference":"Patient/{{site.Mine}}"} }""")!);
        var person = await PersonAsync(false);
        var picker = await launch.SignInAsync(person);
        var found = await launch.Browser.SubmitAsync(picker, "/oauth/patients", ("name", "Family"));
        await launch.Browser.SubmitAsync(found, "/oauth/patients", ("name", "canary-looked-for"));
        var visits = await launch.Browser.SubmitAsync(found, "/oauth/patient", ("patient", site.Mine));
        var consent = await launch.Browser.SubmitAsync(visits, "/oauth/encounter", ("encounter", "visit-" + site.Mine));
        await launch.Browser.SubmitAsync(consent, "/oauth/consent", ("decision", "allow"));

        var told = await ToldAsync(await SubjectAsync(person));

        Assert.Equal(
            ["oauth/sign-in", "oauth/patients", "oauth/patients", "oauth/patient", "oauth/encounter", "oauth/consent"], told.Select(record => record.Target));
        Assert.Equal([site.Mine, site.Mine, "", site.Mine, site.Mine, ""], told.Select(record => string.Join(' ', record.Patients)));
        Assert.All(told, record => Assert.Equal((site.PublicApp, false, false), (record.Client, record.IsFailure, record.IsEmergency)));
        foreach (var record in told)
        {
            Assert.DoesNotContain("canary", (await JsonAsync(record)).GetRawText(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_patient_that_is_not_the_persons_is_told_of_as_refused_by_nobody_being_shown()
    {
        using var launch = new Launch(site, site.PublicApp);
        var person = await PersonAsync(false);
        await launch.Browser.SubmitAsync(await launch.SignInAsync(person), "/oauth/patient", ("patient", site.Other));

        var told = Assert.Single(await ToldAsync(await SubjectAsync(person), "oauth/patient"));

        Assert.Empty(told.Patients);
        Assert.Empty(told.Entities);
    }

    [Fact]
    public async Task Breaking_the_glass_is_told_of_from_the_reason_on_and_the_reason_is_not()
    {
        var person = await PersonAsync(true);
        using var launch = new Launch(site, site.SecretApp, "openid launch/patient patient/*.rs user/*.rs");
        launch.Parameters["purpose_of_use"] = "BTG";
        var form = await launch.SignInAsync(person);
        var picker = await launch.Browser.SubmitAsync(form, "/oauth/break-glass", ("reason", Reason));
        var consent = await launch.Browser.SubmitAsync(picker, "/oauth/patient", ("patient", site.Other));
        var token = (await launch.RedeemAsync(launch.Code(await launch.Browser.SubmitAsync(consent, "/oauth/consent", ("decision", "allow"))))).Json.GetProperty("access_token").GetString()!;
        await site.Server.GetAsync("fhir/Patient/" + site.Other, token);
        await site.Server.GetAsync("fhir/Patient/" + site.Other, token, (PurposeOfUseHeader.Name, "HMARKT"));

        var told = await ToldAsync(await SubjectAsync(person));

        Assert.Equal(["oauth/sign-in", "oauth/break-glass", "oauth/patient", "oauth/consent"], told.Where(record => record.Kind == AuditKinds.Token).Select(record => record.Target));
        Assert.Equal([false, true, true, true, true, false], told.Select(record => record.IsEmergency));
        Assert.Equal(["", "BTG", "BTG", "BTG", "BTG"], told.Take(5).Select(record => record.Purpose));
        Assert.Equal((site.Other, 200), (Assert.Single(told[4].Patients), told[4].Status));
        Assert.Equal(403, told[5].Status);
        foreach (var record in told)
        {
            var json = await JsonAsync(record);
            Assert.Equal(record.IsEmergency, Subtypes(json).Contains("110127"));
            Assert.DoesNotContain("canary", json.GetRawText(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task The_page_of_ones_apps_tells_who_looked_and_what_ended()
    {
        var person = await PersonAsync(false);
        using (var launch = new Launch(site, site.PublicApp))
        {
            await launch.ToTokenAsync(person, site.Mine);
        }
        using var browser = new PlainBrowser(site.Server.Settings.PublicUrl);
        await browser.SubmitAsync(await browser.GetAsync("account/apps"), "/account/sign-in", ("user", person), ("password", "not the password"));
        await browser.SubmitAsync(await browser.GetAsync("account/apps"), "/account/sign-in", ("user", person), ("password", Site.Password));
        await browser.SubmitAsync(await browser.GetAsync("account/apps"), "/account/apps/end");

        var told = (await ToldAsync(await SubjectAsync(person))).Where(record => record.Target.StartsWith("account", StringComparison.Ordinal)).ToList();

        Assert.Equal(["account/sign-in", "account/apps", "account/apps/end"], told.Select(record => record.Target));
        Assert.Equal(["", site.Mine, ""], told.Select(record => string.Join(' ', record.Patients)));
        Assert.All(told, record => Assert.False(record.IsFailure));
        Assert.Contains(await FindAsync(new AuditQuery { Failed = true, Kind = AuditKinds.Token, Count = 1000 }), record => record is { Target: "account/sign-in", Subject: "" });
    }

    [Fact]
    public async Task They_stand_in_the_chain()
    {
        using var launch = new Launch(site, site.PublicApp);
        await launch.SignInAsync(await PersonAsync(false));
        await site.Service<AuditWriter>().FlushAsync();
        Assert.Empty((await new AuditVerification(await site.DataSourceAsync()).CheckAsync(Stop)).Problems);
    }

    private async Task<string> PersonAsync(bool mayBreakGlass)
    {
        var name = "told-" + Guid.NewGuid().ToString("N");
        var account = await site.Service<People>().AddAsync(name, "Dr Told", Site.Password, "Practitioner/" + site.Practitioner, demo: false, Stop);
        await site.Service<BreakGlassStore>().SetRightAsync(account!.Id, mayBreakGlass, Stop);
        return name;
    }

    private async Task<string> SubjectAsync(string user) => (await site.Service<AccountStore>().FindAsync(user, Stop))!.Id.ToString("N");

    private async Task<IReadOnlyList<AuditRecord>> FindAsync(AuditQuery query)
    {
        await site.Service<AuditWriter>().FlushAsync();
        return await new AuditReader(await site.DataSourceAsync()).FindAsync(query, Stop);
    }

    /// <summary>The events of a person or an app, oldest first.</summary>
    private async Task<IReadOnlyList<AuditRecord>> ToldAsync(string agent, string? target = null) =>
        [.. (await FindAsync(new AuditQuery { Agent = agent, Count = 1000 })).Where(record => target is null || record.Target == target).Reverse()];

    // As an auditor reads it.
    private async Task<JsonElement> JsonAsync(AuditRecord record)
    {
        var (block, number) = record.Place!.Value;
        var json = (await site.Server.GetAsync($"fhir/AuditEvent/{block}-{number}", site.Server.Token("system/AuditEvent.rs"))).Json;
        Assert.Empty(ResourceValidator.R4.Validate(json).Where(issue => issue.IsError));
        return json;
    }

    private static string[] Subtypes(JsonElement json) => [.. json.GetProperty("subtype").EnumerateArray().Select(coding => coding.GetProperty("code").GetString()!)];
}
