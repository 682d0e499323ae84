using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FhirFacade.Server.Smart;

/// <summary><c>POST /oauth/token</c>: OAuth 2.0 client credentials (RFC 6749 section 4.4; SMART App Launch 2.2, backend services).</summary>
public sealed class TokenEndpoint(ClientAuthentication clients, AccessTokens tokens)
{
    private const int LargestBody = 32 * 1024;

    /// <summary>Authenticates the client, cuts what it asks for down to what it may have, and signs a token for the rest.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var (form, error) = await ReadFormAsync(http);
        if (form is null)
        {
            await error!.WriteAsync(http);
            return;
        }
        (var client, error) = await clients.AuthenticateAsync(http.Request, form);
        error ??= CheckGrantType(form);
        var scope = client is null ? "" : Granted(form["scope"].ToString(), client);
        error ??= scope.Length == 0 ? new OAuthError("invalid_scope", "none of the requested scopes may be given to this client") : null;
        await (error?.WriteAsync(http) ?? TokenResponse.WriteAsync(http, new JsonObject
        {
            ["access_token"] = tokens.Issue(client!.Id, client.Id, scope),
            ["token_type"] = "bearer",
            ["expires_in"] = (int)tokens.Lifetime.TotalSeconds,
            ["scope"] = scope,
        }));
    }

    /// <summary>
    /// The requested scopes as far as they are covered by the client's own. Without a user and a patient only <c>system/</c> scopes mean anything.
    /// </summary>
    private static string Granted(string requested, SmartClient client)
    {
        var asked = SmartScopes.Parse(requested).Rules.Where(r => r.Context == AccessContext.System);
        var granted = SmartScopes.Intersect(asked, SmartScopes.Parse(client.Scope).Rules);
        return string.Join(' ', granted.Select(r => r.ToScope()).Distinct());
    }

    private static OAuthError? CheckGrantType(IFormCollection form) => form["grant_type"].ToString() switch
    {
        "client_credentials" => null,
        "" => new OAuthError("invalid_request", "grant_type is missing"),
        _ => new OAuthError("unsupported_grant_type", "only client_credentials is supported"),
    };

    private static async Task<(IFormCollection? Form, OAuthError? Error)> ReadFormAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestBody;
        }
        if (!http.Request.HasFormContentType)
        {
            return (null, new OAuthError("invalid_request", "the body is to be application/x-www-form-urlencoded"));
        }
        try
        {
            var form = await http.Request.ReadFormAsync(new FormOptions { ValueCountLimit = 32, KeyLengthLimit = 64 }, http.RequestAborted);
            return form.Any(f => f.Value.Count > 1)
                ? (null, new OAuthError("invalid_request", "a parameter is given twice"))
                : (form, null);
        }
        catch (InvalidDataException)
        {
            return (null, new OAuthError("invalid_request", "the body cannot be read as a form"));
        }
        catch (BadHttpRequestException)
        {
            return (null, new OAuthError("invalid_request", "the body cannot be read, or is too long"));
        }
    }
}
