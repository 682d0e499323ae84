using System.Net;
using System.Security.Claims;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Access;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Server.Tests.Smart;

namespace FhirFacade.Server.Tests.Access;

/// <summary>What a request is for: who says it, who may, and what comes of saying what one may not.</summary>
public sealed class PurposeOfUseTests(Site site) : IClassFixture<Site>
{
    private static readonly SmartSettings Settings = SmartSettings.From(new ServerOptions
    {
        Access = new AccessOptions
        {
            PurposesOfUse = ["HOPERAT", "TREAT"],
            Policies = [new ClientPolicyOptions { Client = "study", PurposesOfUse = ["HRESCH", "PUBHLTH"] }, new ClientPolicyOptions { Client = "ambulance", PurposesOfUse = ["ETREAT", "BTG"] }],
        },
    });

    [Theory]
    [InlineData("study", null, null, "HRESCH")]
    [InlineData("study", null, "PUBHLTH", "PUBHLTH")]
    [InlineData("study", "PUBHLTH", null, "PUBHLTH")]
    [InlineData("study", "TREAT", null, "")]
    [InlineData("study", null, "TREAT", null)]
    [InlineData("study", "PUBHLTH", "HRESCH", null)]
    [InlineData("other", null, null, "HOPERAT")]
    [InlineData("other", null, "TREAT", "TREAT")]
    [InlineData("other", null, "HRESCH", null)]
    [InlineData("other", null, "ETREAT", null)]
    [InlineData("other", null, "BTG", null)]
    [InlineData("other", "ETREAT", null, "")]
    [InlineData("ambulance", null, null, "ETREAT")]
    [InlineData("ambulance", null, "BTG", null)]
    [InlineData("ambulance", "BTG", null, "")]
    public void A_request_is_for_what_token_and_client_let_it_be(string client, string? ofToken, string? asked, string? purpose)
    {
        var caller = GrantFactory.Restore([new("client_id", client), new("scope", "system/*.rs"), .. ofToken is null ? Array.Empty<Claim>() : [new("purpose_of_use", ofToken)]], Settings);
        var chosen = asked is null ? caller : GrantFactory.WithPurpose(caller, asked, Settings);
        Assert.Equal(purpose, chosen is null ? null : GrantFactory.From(chosen).Purpose);
        Assert.Equal(string.IsNullOrEmpty(purpose), chosen is null || GrantFactory.From(chosen).For("Patient", Interactions.Read, Enforcement.All) is TypeAccess.Denied);
    }

    [Fact]
    public void Who_takes_down_the_claims_of_a_caller_takes_down_the_purpose()
    {
        var chosen = GrantFactory.WithPurpose(GrantFactory.Restore([new("client_id", "study"), new("scope", "system/*.rs")], Settings), "PUBHLTH", Settings)!;
        Assert.Equal("PUBHLTH", GrantFactory.From(GrantFactory.Restore(chosen.Claims, Settings)).Purpose);
        Assert.Null(GrantFactory.WithPurpose(chosen, "HRESCH", Settings));
    }

    [Fact]
    public void A_patient_asks_on_their_own_behalf_unless_they_say_otherwise()
    {
        var caller = GrantFactory.Restore([new("client_id", "app"), new("scope", "patient/*.rs"), new("patient", "1"), new("fhirUser", "Patient/1")], Settings);
        Assert.Equal("PATRQT", GrantFactory.From(caller).Purpose);
        Assert.Equal("TREAT", GrantFactory.From(GrantFactory.WithPurpose(caller, "TREAT", Settings)!).Purpose);
    }

    [Theory]
    [InlineData("TREAT", HttpStatusCode.OK, "")]
    [InlineData("HRESCH", HttpStatusCode.Forbidden, "forbidden")]
    [InlineData("ETREAT", HttpStatusCode.Forbidden, "forbidden")]
    [InlineData("BTG", HttpStatusCode.Forbidden, "forbidden")]
    [InlineData("PurposeOfUse", HttpStatusCode.BadRequest, "code-invalid")]
    [InlineData("treat", HttpStatusCode.BadRequest, "code-invalid")]
    [InlineData("canary-purpose", HttpStatusCode.BadRequest, "code-invalid")]
    [InlineData("TREAT, HRESCH", HttpStatusCode.BadRequest, "code-invalid")]
    [InlineData("", HttpStatusCode.BadRequest, "code-invalid")]
    public async Task The_header_is_held_against_what_the_client_may_claim(string said, HttpStatusCode status, string code)
    {
        var answer = await site.Server.GetAsync("fhir/Patient/" + site.Mine, site.Root, (PurposeOfUseHeader.Name, said));
        Assert.Equal(status, answer.Status);
        if (status != HttpStatusCode.OK)
        {
            answer.IsOutcome(status, code);
            Assert.DoesNotContain("canary", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Two_purposes_at_once_are_none_and_nobody_unknown_learns_anything()
    {
        (await site.Server.GetAsync("fhir/Patient/" + site.Mine, site.Root, (PurposeOfUseHeader.Name, "TREAT"), (PurposeOfUseHeader.Name, "TREAT"))).IsOutcome(HttpStatusCode.BadRequest, "code-invalid");
        (await site.Server.GetAsync("fhir/Patient/" + site.Mine, null, (PurposeOfUseHeader.Name, "nonsense"))).IsOutcome(HttpStatusCode.Unauthorized, "login");
    }

    [Theory]
    [InlineData("TREAT", true)]
    [InlineData("HRESCH", false)]
    [InlineData("BTG", false)]
    [InlineData("nonsense", false)]
    public async Task An_app_says_at_its_launch_what_it_is_for(string purpose, bool isFine)
    {
        using var launch = new Launch(site);
        launch.Parameters["purpose_of_use"] = purpose;
        if (!isFine)
        {
            Assert.Equal("invalid_request", launch.Back(await launch.StartAsync())["error"]);
            return;
        }
        var answer = (await launch.ToTokenAsync(site.Doctor)).Json;
        Assert.Equal(purpose, answer.GetProperty("purpose_of_use").GetString());
        Assert.Equal(purpose, Site.Claims(answer.GetProperty("access_token").GetString()!).GetProperty("purpose_of_use").GetString());
        var again = (await launch.RefreshAsync(answer.GetProperty("refresh_token").GetString()!)).Json;
        Assert.Equal(purpose, Site.Claims(again.GetProperty("access_token").GetString()!).GetProperty("purpose_of_use").GetString());
    }

    [Fact]
    public async Task Who_opens_an_app_says_what_for_and_the_app_cannot_make_it_something_else()
    {
        var wish = new JsonObject { ["client_id"] = site.PublicApp, ["patient"] = site.Mine, ["purpose_of_use"] = "HRESCH" };
        var token = await site.EhrTokenAsync();
        (await site.Server.SendAsync(HttpMethod.Post, "oauth/launch", token, wish.ToJsonString(), "application/json")).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        wish["purpose_of_use"] = "TREAT";
        var opened = await site.Server.SendAsync(HttpMethod.Post, "oauth/launch", token, wish.ToJsonString(), "application/json");
        using var launch = new Launch(site, scope: "launch patient/*.rs");
        launch.Parameters["launch"] = opened.Json.GetProperty("launch").GetString()!;
        var access = (await launch.ToTokenAsync(site.Doctor)).Json.GetProperty("access_token").GetString();
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Patient/" + site.Mine, access)).Status);
        (await site.Server.GetAsync("fhir/Patient/" + site.Mine, access, (PurposeOfUseHeader.Name, "PATRQT"))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Entries_of_a_batch_are_for_what_the_batch_is_for()
    {
        var bundle = $$"""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/{{site.Mine}}"} } ] }""";
        (await site.Server.SendAsync(HttpMethod.Post, "fhir/", site.Root, bundle, headers: (PurposeOfUseHeader.Name, "HRESCH"))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.Contains("200", (await site.Server.SendAsync(HttpMethod.Post, "fhir/", site.Root, bundle, headers: (PurposeOfUseHeader.Name, "TREAT"))).Json.GetProperty("entry")[0].GetProperty("response").GetProperty("status").GetString()!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("treatment")]
    [InlineData("PurposeOfUse")]
    public void A_setting_that_names_no_purpose_stops_the_server(string purpose)
    {
        Assert.Contains("PurposesOfUse", Assert.Throws<StartupException>(() => ClientPolicies.From(new AccessOptions { PurposesOfUse = [purpose] })).Message, StringComparison.Ordinal);
        Assert.Contains("PurposesOfUse", Assert.Throws<StartupException>(() => ClientPolicies.From(new AccessOptions { Policies = [new ClientPolicyOptions { Client = "c", PurposesOfUse = [purpose] }] })).Message, StringComparison.Ordinal);
    }
}
