using System.Net;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Storage.Authorizations;
using FhirFacade.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>Signing keys come and go, in a database of their own.</summary>
public sealed class KeyRotationTests
{
    [Fact]
    public async Task A_rotated_key_signs_no_more_but_is_believed_until_its_tokens_have_expired_and_a_compromised_one_is_not()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var one = await RunningServer.StartAsync(database.DataSource, demo: false);
        await using var two = await RunningServer.StartAsync(database.DataSource, demo: false);
        var keys = one.Services.GetRequiredService<SigningKeys>();
        var before = one.Token("system/*.rs");
        var first = one.Key.PublicKey.Kid;
        await keys.RotateAsync(TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken);
        Assert.NotEqual(first, one.Key.PublicKey.Kid);
        (await one.GetAsync("fhir/Patient/nobody", before)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await one.GetAsync("fhir/Patient/nobody", one.Token("system/*.rs"))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.Contains(first, await KidsAsync(one));
        // The other instance hears of it.
        await EventuallyAsync(async () => (await KidsAsync(two)).Contains(one.Key.PublicKey.Kid));
        // The keys of either instance that somebody has got hold of.
        await keys.RotateAsync(TimeSpan.Zero, TestContext.Current.CancellationToken);
        var fresh = one.Token("system/*.rs");
        (await one.GetAsync("fhir/Patient/nobody", fresh)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        await EventuallyAsync(async () => (await two.GetAsync("fhir/Patient/nobody", two.Token("system/*.rs"))).Status == HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_is_in_the_database_signs_nothing_without_the_sealing_key()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var server = await RunningServer.StartAsync(database.DataSource, demo: false);
        var stored = await new SigningKeyStore(database.DataSource).ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["ES384", "RS256"], stored.Select(k => k.Algorithm).Order());
        Assert.All(stored, key => Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => SigningKey.Import(key.Algorithm, key.Sealed)));
    }

    private static async Task<List<string?>> KidsAsync(RunningServer server) =>
        [.. (await server.GetAsync(".well-known/jwks.json", token: null)).Json.GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("kid").GetString())];

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 200; i++)
        {
            if (await holds())
            {
                return;
            }
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        Assert.Fail("it did not come to hold");
    }
}
