using System.Text.Json.Nodes;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Authorizations;
using FhirFacade.Storage.Clients;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Admin;

/// <summary><c>/admin/clients</c>: the apps and systems that may ask for tokens, described by the names of RFC 7591. Those of the settings are not among them.</summary>
internal sealed class ClientsAdmin(ClientStore store, AuthorizationStore authorizations, RevokedTokens revoked, SmartSettings settings)
{
    private static readonly string[] Members = ["client_id", "client_name", "scope", "redirect_uris", "initiate_login_uri", "token_endpoint_auth_method", "jwks", "jwks_uri"];

    public void Map(AdminEndpoints.Routes admin)
    {
        admin.Map("GET", "/clients", ListAsync);
        admin.Map("POST", "/clients", AddAsync);
        admin.Map("GET", "/clients/{id}", http => WithAsync(http, client => AdminAnswer.WriteAsync(http, Describe(client))));
        admin.Map("PUT", "/clients/{id}", http => WithAsync(http, client => ChangeAsync(http, client)));
        admin.Map("POST", "/clients/{id}/secret", http => WithAsync(http, client => NewSecretAsync(http, client)));
        admin.Map("POST", "/clients/{id}/disable", http => DoAsync(http, async client =>
        {
            await store.SetDisabledAsync(client.Id, true, http.RequestAborted);
            await revoked.RevokeClientAsync(client.Id, http.RequestAborted);
        }));
        admin.Map("POST", "/clients/{id}/enable", http => DoAsync(http, async client =>
        {
            await store.SetDisabledAsync(client.Id, false, http.RequestAborted);
        }));
        admin.Map("POST", "/clients/{id}/revoke", http => DoAsync(http, async client =>
        {
            await authorizations.EndAllOfClientAsync(client.Id, http.RequestAborted);
            await revoked.RevokeClientAsync(client.Id, http.RequestAborted);
        }));
    }

    private async Task ListAsync(HttpContext http) =>
        await AdminAnswer.WriteAsync(http, new JsonObject { ["clients"] = new JsonArray([.. (await store.ListAsync(http.RequestAborted)).Select(Describe)]) });

    private async Task AddAsync(HttpContext http)
    {
        if (await AdminAnswer.ReadAsync(http, Members) is not { } said)
        {
            return;
        }
        var secret = AdminAnswer.Text(said, "token_endpoint_auth_method") is "client_secret_basic" or "client_secret_post" ? Secret.Create() : null;
        var client = ClientJson.Read(said, AdminAnswer.Text(said, "client_id") ?? "", secret?.Hash);
        if (Refusal(client) is { } refusal)
        {
            await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, refusal);
            return;
        }
        if (settings.Clients.Any(known => known.Id == client!.Id) || !await store.AddAsync(client!, http.RequestAborted))
        {
            await Problem.WriteAsync(http, StatusCodes.Status409Conflict, "there is such a client already");
            return;
        }
        var answer = Describe(client!);
        if (secret is not null)
        {
            answer["client_secret"] = secret.Value;     // this once: only its hash is kept
        }
        await AdminAnswer.WriteAsync(http, answer, StatusCodes.Status201Created);
    }

    // Tokens were given by what it was registered for: those end.
    private async Task ChangeAsync(HttpContext http, RegisteredClient client)
    {
        if (await AdminAnswer.ReadAsync(http, Members) is not { } said)
        {
            return;
        }
        var changed = ClientJson.Read(said, client.Id, client.SecretHash);
        if (Refusal(changed) is { } refusal || (changed!.Kind != client.Kind && (refusal = "how the client proves who it is cannot be changed") is not null))
        {
            await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, refusal);
            return;
        }
        await store.ChangeAsync(changed, http.RequestAborted);
        await revoked.RevokeClientAsync(client.Id, http.RequestAborted);
        await AdminAnswer.WriteAsync(http, Describe(changed with { IsDisabled = client.IsDisabled, IsSelfRegistered = client.IsSelfRegistered }));
    }

    private async Task NewSecretAsync(HttpContext http, RegisteredClient client)
    {
        var secret = Secret.Create();
        await (await store.SetSecretAsync(client.Id, secret.Hash, http.RequestAborted)
            ? AdminAnswer.WriteAsync(http, new JsonObject { ["client_id"] = client.Id, ["client_secret"] = secret.Value }, StatusCodes.Status201Created)
            : Problem.WriteAsync(http, StatusCodes.Status409Conflict, "the client has no secret"));
    }

    private string? Refusal(RegisteredClient? client) => client is null
        ? "client_id, client_name, scope, initiate_login_uri and jwks_uri are texts, redirect_uris is an array of texts, jwks an object; token_endpoint_auth_method is none, client_secret_basic, client_secret_post or private_key_jwt, and only the last has keys"
        : ClientRules.Broken(client, settings.AllowPrivateNetworks).FirstOrDefault();

    private async Task WithAsync(HttpContext http, Func<RegisteredClient, Task> action)
    {
        var id = AdminAnswer.Route(http, "id");
        var client = id.Contains('\0', StringComparison.Ordinal) ? null : await store.FindAsync(id, http.RequestAborted);
        await (client is null ? AdminAnswer.NotFoundAsync(http, "client") : action(client));
    }

    private Task DoAsync(HttpContext http, Func<RegisteredClient, Task> action) => WithAsync(http, async client =>
    {
        await action(client);
        await AdminAnswer.DoneAsync(http);
    });

    private static JsonObject Describe(RegisteredClient client)
    {
        var json = ClientJson.Of(client);
        json["state"] = client.IsDisabled ? "closed" : "open";
        json["registered_itself"] = client.IsSelfRegistered;
        return json;
    }
}
