using System.Net;
using System.Text.Json.Nodes;
using FhirFacade.Server.Tests.Rest;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>A system that shows a record opens an app on it.</summary>
public sealed class EhrLaunchTests(Site site) : IClassFixture<Site>
{
    private const string Scope = "openid fhirUser launch launch/encounter offline_access patient/*.rs user/*.rs";

    private JsonObject Wish => new()
    {
        ["client_id"] = site.PublicApp,
        ["patient"] = site.Mine,
        ["need_patient_banner"] = true,
        ["intent"] = "reconcile-medications",
        ["smart_style_url"] = "https://ehr.example/style.json",
        ["fhirContext"] = new JsonArray(new JsonObject { ["reference"] = "Observation/obs-" + site.Mine }),
    };

    [Fact]
    public async Task The_app_is_told_patient_encounter_and_all_else_of_where_it_was_opened()
    {
        var encounter = "enc-" + site.Mine;
        await site.PutAsync(new JsonObject
        {
            ["resourceType"] = "Encounter", ["id"] = encounter, ["status"] = "in-progress", ["class"] = new JsonObject { ["code"] = "AMB" },
            ["subject"] = new JsonObject { ["reference"] = "Patient/" + site.Mine },
        });
        var opened = await OpenAsync(Wish.With("encounter", encounter));
        Assert.Equal(HttpStatusCode.Created, opened.Status);
        var code = opened.Json.GetProperty("launch").GetString()!;
        Assert.Equal($"{site.App}/launch?iss={Uri.EscapeDataString(site.Server.Settings.FhirBase)}&launch={code}", opened.Json.GetProperty("launch_url").GetString());
        using var launch = new Launch(site, scope: Scope);
        launch.Parameters["launch"] = code;
        var token = (await launch.ToTokenAsync(site.Doctor)).Json;
        Assert.Equal(site.Mine, token.GetProperty("patient").GetString());
        Assert.Equal(encounter, token.GetProperty("encounter").GetString());
        Assert.True(token.GetProperty("need_patient_banner").GetBoolean());
        Assert.Equal("reconcile-medications", token.GetProperty("intent").GetString());
        Assert.Equal("https://ehr.example/style.json", token.GetProperty("smart_style_url").GetString());
        Assert.Equal("Observation/obs-" + site.Mine, token.GetProperty("fhirContext")[0].GetProperty("reference").GetString());
        Assert.Equal(Scope, token.GetProperty("scope").GetString());
        Assert.EndsWith("/Practitioner/" + site.Practitioner, Site.Claims(token.GetProperty("id_token").GetString()!).GetProperty("fhirUser").GetString(), StringComparison.Ordinal);
        // Refreshing brings the same context.
        Assert.Equal(encounter, (await launch.RefreshAsync(token.GetProperty("refresh_token").GetString()!)).Json.GetProperty("encounter").GetString());
        // The launch was for once.
        using var again = new Launch(site, scope: Scope);
        again.Parameters["launch"] = code;
        Assert.Equal("invalid_request", again.Back(await again.SignInAsync(site.Doctor))["error"]);
    }

    [Fact]
    public async Task A_launch_for_another_app_or_person_or_made_up_is_refused()
    {
        var forDoctor = await CodeAsync(Wish.With("fhirUser", "Practitioner/somebody-else"));
        var forOtherApp = await CodeAsync(Wish.With("client_id", site.SecretApp));
        foreach (var code in new[] { forDoctor, forOtherApp, "made-up" })
        {
            using var launch = new Launch(site, scope: Scope);
            launch.Parameters["launch"] = code;
            Assert.Equal("invalid_request", launch.Back(await launch.SignInAsync(site.Doctor))["error"]);
        }
    }

    [Fact]
    public async Task Nobody_gets_a_patient_by_a_launch_whom_they_may_not_see()
    {
        foreach (var (user, patient) in new[] { (site.Doctor, site.Other), (site.PatientUser, site.Other) })
        {
            using var launch = new Launch(site, scope: Scope);
            launch.Parameters["launch"] = await CodeAsync(Wish.With("patient", patient));
            Assert.Equal("access_denied", launch.Back(await launch.SignInAsync(user))["error"]);
        }
    }

    [Fact]
    public async Task Opening_needs_the_right_token_and_only_what_that_token_opens_can_be_handed_on()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await OpenAsync(Wish, token: "")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await OpenAsync(Wish, site.Root)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await OpenAsync(Wish, site.Server.Token("system/*.rs launch launch/patient"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await OpenAsync(Wish, site.Server.Token("site/launch system/Observation.rs"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await OpenAsync(Wish, site.Server.Token("site/launch patient/*.rs", site.Other))).Status);
        Assert.Equal(HttpStatusCode.Created, (await OpenAsync(Wish, site.Server.Token("site/launch patient/*.rs", site.Mine))).Status);
    }

    public static TheoryData<string, string> WrongMembers => new()
    {
        { "client_id", "\"nobody\"" }, { "client_id", "7" }, { "patient", "\"nobody\"" }, { "patient", "[\"a\"]" }, { "encounter", "\"nobody\"" }, { "need_patient_banner", "\"yes\"" },
        { "fhirContext", "{}" }, { "fhirContext", "[1]" }, { "fhirContext", "[{}]" }, { "fhirContext", "[{\"reference\":\"Patient/x\"}]" }, { "intent", "5" }, { "fhirUser", "5" }, { "intent", "\"a\\u0000\"" },
    };

    [Theory]
    [MemberData(nameof(WrongMembers))]
    public async Task A_wish_with_a_wrong_member_is_refused(string name, string value) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await OpenAsync(Wish.With(name, JsonNode.Parse(value)))).Status);

    private async Task<string> CodeAsync(JsonObject wish) => (await OpenAsync(wish)).Json.GetProperty("launch").GetString()!;

    private async Task<Answer> OpenAsync(JsonObject wish, string? token = null) =>
        await site.Server.SendAsync(HttpMethod.Post, "oauth/launch", token is "" ? null : token ?? await site.EhrTokenAsync(), wish.ToJsonString(), "application/json");
}
