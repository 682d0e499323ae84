using System.Text.Json.Nodes;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Rest;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace FhirFacade.Server.Smart;

/// <summary><c>smart-configuration</c> when a foreign issuer signs the tokens: it points clients there.</summary>
public sealed class ForeignDiscovery(IOptionsMonitor<JwtBearerOptions> bearer)
{
    /// <summary><c>[base]/.well-known/smart-configuration</c>, from the issuer's own discovery document.</summary>
    public async Task SmartAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var manager = bearer.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager!;
        OpenIdConnectConfiguration issuer;
        try
        {
            issuer = await manager.GetConfigurationAsync(http.RequestAborted);
        }
        catch (InvalidOperationException)
        {
            // The manager's word for an issuer that does not answer, or not with a discovery document.
            await OutcomeResponse.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, Issue.Error(IssueType.Transient, "the issuer of access tokens is not available"));
            return;
        }
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
