using System.Buffers.Text;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Access;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Smart.Accounts;
using FhirFacade.Storage.Accounts;
using FhirFacade.Storage.Clients;
using FhirFacade.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Attacks.Tests;

/// <summary>A server with all that an operator can lend to the attacks.</summary>
internal sealed class AttackedServer : IAsyncDisposable
{
    private const string Redirect = "http://127.0.0.1:9/callback";
    private const string Password = "a good long password";

    private readonly TestDatabase database;

    private AttackedServer(TestDatabase database, RunningServer server, Target target) => (this.database, Server, Target) = (database, server, target);

    public RunningServer Server { get; }

    public Target Target { get; }

    public static async Task<AttackedServer> StartAsync(bool isOptIn = false)
    {
        var database = await TestCluster.NewDatabaseAsync();
        var server = await RunningServer.StartAsync(
            database.DataSource,
            new SmartOptions { UserAccess = UserRelation.CareTeam },
            demo: false,
            access: new AccessOptions
            {
                Policies =
                [
                    new ClientPolicyOptions { Client = "narrow", Masked = [.. Target.MaskedElements], ExcludedLabels = [Target.ExcludedLabel] },
                    new ClientPolicyOptions { Client = "app", PurposesOfUse = ["TREAT", "BTG"] },
                ],
                Consent = isOptIn ? ConsentMode.OptIn : ConsentMode.OptOut,
                ConsentExempt = isOptIn ? ["owner"] : [],
            });
        var secret = Secret.Create();
        var clients = server.Services.GetRequiredService<ClientStore>();
        await clients.AddAsync(new RegisteredClient("owner", "Owner", ClientKind.Symmetric, "system/*.cruds") { SecretHash = secret.Hash }, default);
        await clients.AddAsync(new RegisteredClient("narrow", "Narrow", ClientKind.Symmetric, "system/*.cruds") { SecretHash = secret.Hash }, default);
        await clients.AddAsync(new RegisteredClient("app", "App", ClientKind.Public, "openid fhirUser launch launch/patient offline_access patient/*.cruds user/*.cruds") { RedirectUris = [Redirect] }, default);
        await clients.AddAsync(new RegisteredClient("denied", "Denied", ClientKind.Symmetric, "system/*.cruds") { SecretHash = secret.Hash }, default);
        var people = server.Services.GetRequiredService<People>();
        await people.AddAsync("doctor", "Dr Attack", Password, "Practitioner/attacker", demo: false, default);
        var chief = await people.AddAsync("chief", "Dr Chief", Password, "Practitioner/chief", demo: false, default);
        await server.Services.GetRequiredService<BreakGlassStore>().SetRightAsync(chief!.Id, true, default);
        return new AttackedServer(database, server, new Target(new Uri(server.Settings.FhirBase), new ClientCredentials("owner", secret.Value))
        {
            Restricted = new ClientCredentials("narrow", secret.Value),
            Denied = new ClientCredentials("denied", secret.Value),
            IsOptIn = isOptIn,
            ServerKey = ((ECDsaSecurityKey)server.Key.SecurityKey).ECDsa,
            App = "app",
            RedirectUri = Redirect,
            User = "doctor",
            EmergencyUser = "chief",
            EndEmergencyAsync = token => database.ExecuteAsync(
                "update break_glass set expires_at = now() - interval '1 second' where authorization_id = $1::uuid",
                JsonElement.Parse(Base64Url.DecodeFromChars(token.Split('.')[1])).GetProperty("authorization_id").GetString()!),
            Password = Password,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await database.DisposeAsync();
    }
}
