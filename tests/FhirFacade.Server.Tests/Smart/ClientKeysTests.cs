using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FhirFacade.Server.Outbound;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Storage.Clients;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>Keys of clients at an address of theirs, and addresses that are never called.</summary>
public sealed class ClientKeysTests(SharedDatabase database)
{
    [Theory]
    [InlineData("http://keys.example/jwks")]
    [InlineData("https://127.0.0.1/jwks")]
    [InlineData("https://localhost/jwks")]
    [InlineData("https://10.1.2.3/jwks")]
    [InlineData("https://172.16.0.1/jwks")]
    [InlineData("https://192.168.1.1/jwks")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://100.64.0.1/jwks")]
    [InlineData("https://0.0.0.0/jwks")]
    [InlineData("https://[::1]/jwks")]
    [InlineData("https://[::ffff:127.0.0.1]/jwks")]
    [InlineData("https://[::127.0.0.1]/jwks")]
    [InlineData("https://[fe80::1]/jwks")]
    [InlineData("https://[fd00::1]/jwks")]
    [InlineData("https://[64:ff9b::7f00:1]/jwks")]
    [InlineData("https://[2002:7f00:1::]/jwks")]
    [InlineData("https://[2001:0:7f00:1::]/jwks")]
    [InlineData("https://[3fff::1]/jwks")]
    [InlineData("https://[::ffff:10.0.0.1]/jwks")]
    [InlineData("https://2130706433/jwks")]
    [InlineData("https://0x7f.1/jwks")]
    [InlineData("https://user:password@keys.example/jwks")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://keys.example/jwks")]
    [InlineData("/jwks")]
    [InlineData("")]
    public async Task An_inward_address_is_neither_registered_nor_called(string url)
    {
        Assert.False(OutboundHttp.MayCall(url, allowPrivate: false));
        var client = new RegisteredClient("c", "C", ClientKind.Asymmetric, "system/*.rs") { JwksUrl = url };
        Assert.Contains(ClientRules.Broken(client, allowPrivateNetworks: false), rule => rule.Contains("JWKS", StringComparison.Ordinal));
        using var http = new OutboundHttp(allowPrivate: false);
        Assert.Null(Uri.TryCreate(url, UriKind.Absolute, out var uri) ? await http.GetAsync(uri, 1000, TestContext.Current.CancellationToken) : null);
    }

    [Theory]
    [InlineData("https://keys.example/jwks")]
    [InlineData("https://8.8.8.8/jwks")]
    [InlineData("https://[2606:4700::1111]/jwks")]
    public void An_address_of_the_open_network_may_be_called(string url) => Assert.True(OutboundHttp.MayCall(url, allowPrivate: false));

    [Fact]
    public async Task A_name_that_resolves_inward_is_not_connected_to()
    {
        // The machine's own name is no literal address, and leads to one of the machine's own.
        var name = Dns.GetHostName();
        var addresses = await Dns.GetHostAddressesAsync(name, TestContext.Current.CancellationToken);
        Assert.SkipWhen(addresses.Length == 0 || addresses.Any(PublicAddresses.Contains), "this machine's name leads to an address of the open network");
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        var url = new Uri($"https://{name}:{((IPEndPoint)listener.LocalEndpoint).Port}/jwks");
        Assert.True(OutboundHttp.MayCall(url.OriginalString, allowPrivate: false));
        using var http = new OutboundHttp(allowPrivate: false);
        Assert.Null(await http.GetAsync(url, 1000, TestContext.Current.CancellationToken));
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Keys_by_URL_are_fetched_and_a_new_key_is_found_and_neither_redirect_nor_flood_is_followed()
    {
        using var first = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var second = RSA.Create(2048);
        var published = Forge.Jwks(Forge.Jwk(first, "first"));
        var port = RunningServer.FreePort();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var theirs = builder.Build();
        theirs.Urls.Add($"http://127.0.0.1:{port}");
        theirs.MapGet("/jwks", () => Results.Content(published, "application/json"));
        theirs.MapGet("/moved", () => Results.Redirect("/jwks"));
        theirs.MapGet("/flood", () => Results.Content(new string(' ', 100_000) + published, "application/json"));
        theirs.MapGet("/symmetric", () => Results.Content(Forge.Jwks(new JsonObject { ["kty"] = "oct", ["kid"] = "first", ["k"] = "AAAA" }), "application/json"));
        await theirs.StartAsync(TestContext.Current.CancellationToken);
        await using var server = await RunningServer.StartAsync(await database.DataSourceAsync(), new SmartOptions { AllowPrivateNetworks = true }, demo: false);
        var ids = new Dictionary<string, string>();
        foreach (var path in new[] { "jwks", "moved", "flood", "symmetric" })
        {
            ids[path] = $"{path}-{Guid.NewGuid():N}";
            await server.Services.GetRequiredService<ClientStore>().AddAsync(
                new RegisteredClient(ids[path], path, ClientKind.Asymmetric, "system/Patient.rs") { JwksUrl = $"http://127.0.0.1:{port}/{path}" }, TestContext.Current.CancellationToken);
        }
        Assert.Equal(HttpStatusCode.OK, await AskAsync(ids["jwks"], "first", "ES384", Forge.Es384(first)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(ids["moved"], "first", "ES384", Forge.Es384(first)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(ids["flood"], "first", "ES384", Forge.Es384(first)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(ids["symmetric"], "first", "HS384", data => HMACSHA384.HashData(new byte[3], data)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(ids["jwks"], "second", "RS384", Forge.Rs384(second)));
        published = Forge.Jwks(Forge.Jwk(second, "second"));
        var found = HttpStatusCode.Unauthorized;
        for (var i = 0; i < 80 && found != HttpStatusCode.OK; i++)
        {
            await Task.Delay(250, TestContext.Current.CancellationToken);
            found = await AskAsync(ids["jwks"], "second", "RS384", Forge.Rs384(second));
        }
        Assert.Equal(HttpStatusCode.OK, found);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(ids["jwks"], "first", "ES384", Forge.Es384(first)));
        await theirs.StopAsync(TestContext.Current.CancellationToken);

        async Task<HttpStatusCode> AskAsync(string client, string kid, string algorithm, Func<byte[], byte[]> sign)
        {
            var assertion = Forge.Jwt(
                new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT", ["kid"] = kid },
                new JsonObject { ["iss"] = client, ["sub"] = client, ["aud"] = server.Settings.TokenEndpoint, ["jti"] = Guid.NewGuid().ToString(), ["exp"] = Forge.In(TimeSpan.FromMinutes(4)) }, sign);
            using var body = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", "system/Patient.rs"), new("client_assertion_type", ClientAssertion.Type), new("client_assertion", assertion)]);
            return (await server.SendAsync(HttpMethod.Post, "oauth/token", null, await body.ReadAsStringAsync(), "application/x-www-form-urlencoded")).Status;
        }
    }
}
