using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart;

/// <summary>A refusal of the token endpoint (RFC 6749 section 5.2).</summary>
/// <param name="Code">invalid_request, invalid_client, invalid_grant, invalid_scope, unauthorized_client, unsupported_grant_type.</param>
/// <param name="Description">The rule that was broken, never a value that was sent.</param>
public sealed record OAuthError(string Code, string Description)
{
    /// <summary>Writes the error: 401 for a client that is not believed, else 400.</summary>
    public Task WriteAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.StatusCode = Code == "invalid_client" ? StatusCodes.Status401Unauthorized : StatusCodes.Status400BadRequest;
        if (Code == "invalid_client")
        {
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"fhirfacade\"";
        }
        return TokenResponse.WriteAsync(http, new JsonObject { ["error"] = Code, ["error_description"] = Description });
    }
}
