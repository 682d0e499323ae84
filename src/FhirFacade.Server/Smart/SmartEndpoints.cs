using FhirFacade.Server.Rest;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FhirFacade.Server.Smart;

/// <summary>The routes of the built-in authorisation server, or of what stands in its place.</summary>
public static class SmartEndpoints
{
    /// <summary>Maps discovery, keys and the token endpoint; all are open by nature. With a foreign issuer only discovery remains.</summary>
    public static void Map(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var open = app.MapGroup("").AllowAnonymous();
        if (app.Services.GetRequiredService<SmartSettings>().Authority is not null)
        {
            open.MapGet("/fhir/.well-known/smart-configuration", app.Services.GetRequiredService<ForeignDiscovery>().SmartAsync);
            return;
        }
        var discovery = app.Services.GetRequiredService<SmartConfiguration>();
        open.MapGet("/fhir/.well-known/smart-configuration", discovery.SmartAsync);
        open.MapGet("/.well-known/openid-configuration", discovery.OpenIdAsync);
        open.MapGet("/.well-known/jwks.json", discovery.JwksAsync);
        open.MapPost("/oauth/token", app.Services.GetRequiredService<TokenEndpoint>().HandleAsync);
        OtherMethods.Refuse(open, "/oauth/token", "POST");
    }
}
