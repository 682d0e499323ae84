using System.Security.Cryptography;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Tests.Rest;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>One server for the tests of a class, with two registered clients.</summary>
public sealed class SharedServer(SharedDatabase database) : IAsyncLifetime
{
    public const string EcKid = "ec-key";
    public const string RsaKid = "rsa-key";

    public RunningServer Server { get; private set; } = null!;

    public ECDsa EcKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    public RSA RsaKey { get; } = RSA.Create(2048);

    public async ValueTask InitializeAsync() => Server = await AnotherAsync(demo: true);

    public async Task<RunningServer> AnotherAsync(bool demo) => await RunningServer.StartAsync(await database.DataSourceAsync(), new SmartOptions
    {
        Clients =
        [
            new SmartClientOptions { Id = "ec-client", Scope = "system/Patient.rs system/Observation.r", Jwks = Forge.Jwks(Forge.Jwk(EcKey, EcKid)) },
            new SmartClientOptions { Id = "rsa-client", Scope = "system/*.rs", Jwks = Forge.Jwks(Forge.Jwk(RsaKey, RsaKid)) },
        ],
    }, demo);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        EcKey.Dispose();
        RsaKey.Dispose();
    }
}
