using System.Net;
using System.Text.Json.Nodes;
using FhirFacade.Server.Tests.Rest;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>Apps that register themselves (RFC 7591).</summary>
public sealed class RegistrationTests(Site site) : IClassFixture<Site>
{
    private JsonObject Wish => new() { ["client_name"] = "Self made", ["redirect_uris"] = new JsonArray(site.RedirectUri), ["token_endpoint_auth_method"] = "none", ["scope"] = "launch/patient patient/*.rs system/*.cruds site/launch user/*.cruds" };

    [Fact]
    public async Task An_app_registers_itself_and_is_used_like_any_other_within_the_scope_of_the_site()
    {
        var made = await RegisterAsync(Wish);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal("launch/patient patient/*.rs", made.Json.GetProperty("scope").GetString());
        Assert.False(made.Json.TryGetProperty("client_secret", out _));
        using var launch = new Launch(site, made.Json.GetProperty("client_id").GetString(), "launch/patient patient/*.rs user/*.rs");
        var consent = await launch.ToConsentAsync(site.PatientUser);
        Assert.Contains("Self made", consent.Text, StringComparison.Ordinal);
        var code = launch.Code(await launch.Browser.SubmitAsync(consent, "/oauth/consent", ("decision", "allow")));
        var token = await site.TokenAsync([new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", site.RedirectUri), new("code_verifier", launch.Verifier), new("client_id", launch.Client)]);
        Assert.Equal("launch/patient patient/*.rs", token.Json.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task A_confidential_app_gets_a_secret_that_works_and_cannot_act_for_itself()
    {
        var made = (await RegisterAsync(Wish.Without("token_endpoint_auth_method"))).Json;
        var answer = await site.TokenAsync([new("grant_type", "client_credentials"), new("scope", "system/*.rs"), new("client_id", made.GetProperty("client_id").GetString()!), new("client_secret", made.GetProperty("client_secret").GetString()!)]);
        Assert.Equal("invalid_scope", answer.Json.GetProperty("error").GetString());
        var wrong = await site.TokenAsync([new("grant_type", "client_credentials"), new("scope", "system/*.rs"), new("client_id", made.GetProperty("client_id").GetString()!), new("client_secret", "wrong")]);
        Assert.Equal("invalid_client", wrong.Json.GetProperty("error").GetString());
    }

    public static TheoryData<string, string, string> WrongMembers => new()
    {
        { "redirect_uris", "[]", "invalid_client_metadata" }, { "redirect_uris", "[\"http://evil.example/cb\"]", "invalid_redirect_uri" }, { "redirect_uris", "[\"https://a.example/cb#x\"]", "invalid_redirect_uri" },
        { "redirect_uris", "[\"https://u:p@a.example/cb\"]", "invalid_redirect_uri" }, { "redirect_uris", "[\"javascript:alert(1)\"]", "invalid_redirect_uri" }, { "redirect_uris", "[\"myapp://cb\"]", "invalid_redirect_uri" },
        { "redirect_uris", "[\"https://a.example/cb;x\"]", "invalid_redirect_uri" }, { "redirect_uris", "[\"https://*.example/cb\"]", "invalid_redirect_uri" }, { "redirect_uris", "\"https://a.example\"", "invalid_client_metadata" },
        { "grant_types", "[\"client_credentials\"]", "invalid_client_metadata" }, { "grant_types", "[\"implicit\"]", "invalid_client_metadata" }, { "response_types", "[\"token\"]", "invalid_client_metadata" },
        { "token_endpoint_auth_method", "\"client_secret_jwt\"", "invalid_client_metadata" }, { "token_endpoint_auth_method", "\"private_key_jwt\"", "invalid_client_metadata" },
        { "client_name", "\"a\\u0000b\"", "invalid_client_metadata" }, { "scope", "\"system/*.rs\"", "invalid_client_metadata" },
    };

    [Theory]
    [MemberData(nameof(WrongMembers))]
    public async Task Metadata_that_would_open_a_hole_is_refused(string name, string value, string error)
    {
        var answer = await RegisterAsync(Wish.With(name, JsonNode.Parse(value)));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(error, answer.Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task An_inward_address_for_keys_is_refused()
    {
        var answer = await RegisterAsync(Wish.With("token_endpoint_auth_method", "private_key_jwt").With("jwks_uri", "https://169.254.169.254/jwks"));
        Assert.Equal("invalid_client_metadata", answer.Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task It_is_off_unless_the_site_turns_it_on()
    {
        await using var other = await RunningServer.StartAsync(await site.DataSourceAsync(), demo: false);
        Assert.False((await other.GetAsync("fhir/.well-known/smart-configuration", null)).Json.TryGetProperty("registration_endpoint", out _));
        Assert.NotEqual(HttpStatusCode.Created, (await other.SendAsync(HttpMethod.Post, "oauth/register", null, Wish.ToJsonString(), "application/json")).Status);
    }

    private Task<Answer> RegisterAsync(JsonObject wish) => site.Server.SendAsync(HttpMethod.Post, "oauth/register", null, wish.ToJsonString(), "application/json");
}
