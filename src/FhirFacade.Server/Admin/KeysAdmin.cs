using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Authorizations;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Admin;

/// <summary><c>/admin/keys</c>: the keys that tokens are signed with; never their private halves.</summary>
internal sealed class KeysAdmin(SigningKeyStore store, SigningKeys keys)
{
    public void Map(AdminEndpoints.Routes admin)
    {
        admin.Map("GET", "/keys", ListAsync);
        admin.Map("POST", "/keys/rotate", RotateAsync);
    }

    private async Task ListAsync(HttpContext http) => await AdminAnswer.WriteAsync(http, new JsonObject
    {
        ["keys"] = new JsonArray([.. (await store.ReadAsync(http.RequestAborted)).Select(key => new JsonObject
        {
            ["kid"] = key.Kid, ["alg"] = key.Algorithm, ["created"] = key.CreatedAt.ToString("O"), ["state"] = key.IsRetired ? "retired" : "signs",
        })]),
    });

    /// <summary>With <c>compromised</c> nothing is believed any more that the old ones have signed, the token of this request included.</summary>
    private async Task RotateAsync(HttpContext http)
    {
        if (await AdminAnswer.ReadAsync(http, "compromised") is not { } said)
        {
            return;
        }
        if (said["compromised"] is { } wish && wish.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
        {
            await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, "compromised is true or false");
            return;
        }
        await keys.RotateAsync((bool?)said["compromised"] == true ? TimeSpan.Zero : SigningKeys.BelievedAfterRotation, http.RequestAborted);
        await ListAsync(http);
    }
}
