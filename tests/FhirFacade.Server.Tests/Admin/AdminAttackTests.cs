using System.Net;
using FhirFacade.Server.Access;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Server.Tests.Smart;
using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.Admin;

/// <summary>Nobody administers anything but a client of that scope that acts for itself.</summary>
public sealed class AdminAttackTests(Site site) : IClassFixture<Site>
{
    private static readonly (HttpMethod Method, string Path)[] Routes =
    [
        (HttpMethod.Get, "users"), (HttpMethod.Post, "users"), (HttpMethod.Get, "users/x"), (HttpMethod.Patch, "users/x"), (HttpMethod.Post, "users/x/password"), (HttpMethod.Post, "users/x/second-factor"),
        (HttpMethod.Delete, "users/x/second-factor"), (HttpMethod.Post, "users/x/disable"), (HttpMethod.Post, "users/x/enable"), (HttpMethod.Post, "users/x/unlock"), (HttpMethod.Post, "users/x/sign-out"),
        (HttpMethod.Get, "clients"), (HttpMethod.Post, "clients"), (HttpMethod.Get, "clients/x"), (HttpMethod.Put, "clients/x"), (HttpMethod.Post, "clients/x/secret"), (HttpMethod.Post, "clients/x/disable"),
        (HttpMethod.Post, "clients/x/enable"), (HttpMethod.Post, "clients/x/revoke"), (HttpMethod.Get, "keys"), (HttpMethod.Post, "keys/rotate"), (HttpMethod.Get, "journal"), (HttpMethod.Get, "journal/1"),
        (HttpMethod.Post, "journal/1/replay"), (HttpMethod.Get, "policies"), (HttpMethod.Get, "nothing"),
    ];

    [Fact]
    public async Task No_token_and_no_token_of_another_scope_opens_any_route()
    {
        foreach (var (method, path) in Routes)
        {
            var none = await SendAsync(method, path, null);
            Assert.True(none.Status == HttpStatusCode.Unauthorized, path);
            Assert.StartsWith("application/problem+json", none.Header("Content-Type"), StringComparison.Ordinal);
            foreach (var scope in new[] { "system/*.cruds", "user/*.cruds patient/*.cruds", "site/launch site/introspect", "site/administrator site/*", "admin", "SITE/ADMIN", "" })
            {
                var refused = await SendAsync(method, path, site.Server.Token(scope, site.Mine));
                Assert.True(refused.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound && (path == "nothing" || refused.Status == HttpStatusCode.Forbidden), $"{path} {scope}: {refused.Status}");
                Assert.StartsWith("application/problem+json", refused.Header("Content-Type"), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_token_that_a_person_gave_an_app_opens_nothing_even_if_the_scope_got_into_it()
    {
        var tokens = site.Service<Server.Smart.AccessTokens>();
        var ofPerson = tokens.Issue(Guid.NewGuid().ToString("N"), site.SecretApp, "site/admin", [new("authorization_id", Guid.NewGuid().ToString("N"))]);
        var ofNobody = tokens.Issue("somebody", "client", "site/admin");
        foreach (var token in new[] { ofPerson, ofNobody })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Get, "users", token)).Status);
        }
    }

    [Fact]
    public async Task The_consent_page_neither_offers_nor_grants_scopes_of_the_site()
    {
        // As the consent form of an app whose registration holds them, with a tick that was not on the page.
        var client = "both-" + Guid.NewGuid().ToString("N");
        await site.Service<FhirFacade.Storage.Clients.ClientStore>().AddAsync(
            new(client, "Both", FhirFacade.Storage.Clients.ClientKind.Symmetric, "openid launch/patient patient/*.rs site/admin site/launch") { RedirectUris = [site.RedirectUri], SecretHash = Server.Smart.SmartClient.Hash(site.ClientSecret) },
            TestContext.Current.CancellationToken);
        using var launch = new Launch(site, client, "openid launch/patient patient/*.rs site/admin site/launch");
        var back = await launch.Browser.SubmitAsync(await launch.ToConsentAsync(site.PatientUser), "/oauth/consent", ("scope", "site/admin"), ("scope", "site/launch"), ("decision", "allow"));
        var token = await launch.RedeemAsync(launch.Code(back));
        Assert.Equal("openid launch/patient patient/*.rs", token.Json.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task A_signed_in_browser_opens_nothing_and_a_form_of_another_site_is_no_body()
    {
        using var launch = new Launch(site);
        await launch.SignInAsync(site.Doctor);
        Assert.Equal(HttpStatusCode.Unauthorized, (await launch.Browser.GetAsync("admin/users")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await launch.Browser.PostAsync("admin/users", [new("userName", "x")])).Status);
        var admin = site.Server.Token("site/admin");
        foreach (var type in new[] { "application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x" })
        {
            var answer = await site.Server.SendAsync(HttpMethod.Post, "admin/users", admin, """{"userName":"x","password":"a good long password"}""", type);
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Status);
        }
    }

    [Fact]
    public async Task Self_registered_apps_and_apps_without_a_secret_cannot_have_the_scope()
    {
        var registered = await site.Server.SendAsync(HttpMethod.Post, "oauth/register", null, $$"""{"redirect_uris":["{{site.RedirectUri}}"],"scope":"openid patient/*.rs site/admin"}""", "application/json");
        Assert.Equal(HttpStatusCode.Created, registered.Status);
        Assert.DoesNotContain("site/", registered.Json.GetProperty("scope").GetString(), StringComparison.Ordinal);
        Assert.Contains(Server.Smart.ClientRules.Broken(new("x", "X", FhirFacade.Storage.Clients.ClientKind.Public, "openid site/admin") { RedirectUris = ["https://app.example/"] }, false), rule => rule.Contains("site scopes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_a_foreign_issuer_there_is_no_such_address()
    {
        await using var server = await RunningServer.StartAsync(await site.DataSourceAsync(), new() { Authority = "https://issuer.example" }, demo: false);
        Assert.NotEqual(HttpStatusCode.OK, (await server.GetAsync("admin/users", null)).Status);
    }

    [Fact]
    public async Task Every_call_is_in_the_audit_trail_also_those_that_were_refused()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var server = await RunningServer.StartAsync(database.DataSource, demo: false, access: new AccessOptions { Audit = AuditMode.Durable });
        await server.SendAsync(HttpMethod.Post, "admin/users", server.Token("site/admin", client: "ops"), """{"userName":"new","password":"a good long password"}""", "application/json");
        await server.SendAsync(HttpMethod.Post, "admin/users/new/disable", server.Token("system/*.cruds", client: "intruder"));
        var trail = await server.GetAsync("fhir/AuditEvent?_count=100", server.Token("system/AuditEvent.rs"));
        Assert.Contains("intruder", trail.Text, StringComparison.Ordinal);
        Assert.Contains("ops", trail.Text, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String("admin/users/new/disable"u8), trail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("good long password", trail.Text, StringComparison.Ordinal);
    }

    private Task<Answer> SendAsync(HttpMethod method, string path, string? token) =>
        site.Server.SendAsync(method, "admin/" + path, token, method == HttpMethod.Get || method == HttpMethod.Delete ? null : "{}", "application/json");
}
