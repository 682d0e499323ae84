using FhirFacade.Server.Smart.Tokens;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart;

/// <summary><c>POST /oauth/token</c>: who is the client, and what does it bring?</summary>
public sealed class TokenEndpoint(ClientAuthentication clients, CodeGrant codes, RefreshGrant refreshes, ServiceGrant services)
{
    /// <summary>Authenticates the client and answers by the kind of grant.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var (form, error) = await OAuthForm.ReadAsync(http);
        if (form is null)
        {
            await error!.WriteAsync(http);
            return;
        }
        (var client, error) = await clients.AuthenticateAsync(http.Request, form);
        if (client is null)
        {
            await error!.WriteAsync(http);
            return;
        }
        (var answer, error) = form["grant_type"].ToString() switch
        {
            "authorization_code" => await codes.AnswerAsync(form, client, http.RequestAborted),
            "refresh_token" => await refreshes.AnswerAsync(form, client, http.RequestAborted),
            "client_credentials" => services.Answer(form, client),
            "" => (null, new OAuthError("invalid_request", "grant_type is missing")),
            _ => (null, new OAuthError("unsupported_grant_type", "grant_type is to be authorization_code, refresh_token or client_credentials")),
        };
        await (error?.WriteAsync(http) ?? TokenResponse.WriteAsync(http, answer!));
    }
}
