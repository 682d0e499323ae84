using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FhirFacade.Server.Smart;

/// <summary><c>smart-configuration</c> when a foreign issuer signs the tokens: it points clients there.</summary>
public sealed class ForeignDiscovery(IOptionsMonitor<JwtBearerOptions> bearer)
{
    /// <summary><c>[base]/.well-known/smart-configuration</c>, from the issuer's own discovery document.</summary>
    public async Task SmartAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var manager = bearer.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager!;
        var issuer = await manager.GetConfigurationAsync(http.RequestAborted);
        var json = new JsonObject
        {
            ["issuer"] = issuer.Issuer,
            ["jwks_uri"] = issuer.JwksUri,
            ["authorization_endpoint"] = issuer.AuthorizationEndpoint,
            ["token_endpoint"] = issuer.TokenEndpoint,
            ["grant_types_supported"] = new JsonArray([.. issuer.GrantTypesSupported.Select(g => (JsonNode)g)]),
            ["code_challenge_methods_supported"] = new JsonArray("S256"),
            ["capabilities"] = new JsonArray("permission-v1", "permission-v2", "permission-patient"),
        };
        foreach (var absent in json.Where(p => p.Value is null).Select(p => p.Key).ToList())
        {
            json.Remove(absent);
        }
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.AccessControlAllowOrigin = "*";
        await http.Response.WriteAsync(json.ToJsonString(), http.RequestAborted);
    }
}
