using FhirFacade.Server.Rest;
using FhirFacade.Server.Smart.Accounts;
using FhirFacade.Server.Smart.Authorize;
using FhirFacade.Server.Smart.Tokens;
using FhirFacade.Storage.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FhirFacade.Server.Smart;

/// <summary>The routes of the built-in authorisation server, or of what stands in its place.</summary>
public static class SmartEndpoints
{
    /// <summary>Maps discovery, keys, the pages and the endpoints for clients; these are open by nature. With a foreign issuer only discovery remains, and the list of emergencies.</summary>
    public static void Map(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var open = app.MapGroup("").AllowAnonymous();
        new Access.BreakGlass.BreakGlassReview(app.Services.GetRequiredService<BreakGlassStore>()).Map(app);
        if (app.Services.GetRequiredService<SmartSettings>().Authority is not null)
        {
            open.MapGet("/fhir/.well-known/smart-configuration", app.Services.GetRequiredService<ForeignDiscovery>().SmartAsync);
            return;
        }
        var discovery = app.Services.GetRequiredService<SmartConfiguration>();
        open.MapGet("/fhir/.well-known/smart-configuration", discovery.SmartAsync);
        open.MapGet("/.well-known/openid-configuration", discovery.OpenIdAsync);
        open.MapGet("/.well-known/jwks.json", discovery.JwksAsync);
        open.MapGet("/smart-style.json", app.Services.GetRequiredService<SmartStyle>().HandleAsync);
        Post("/oauth/token", app.Services.GetRequiredService<TokenEndpoint>().HandleAsync);
        Post("/oauth/introspect", app.Services.GetRequiredService<IntrospectionEndpoint>().HandleAsync);
        Post("/oauth/revoke", app.Services.GetRequiredService<RevocationEndpoint>().HandleAsync);
        if (app.Services.GetRequiredService<SmartSettings>().RegistrationScope is not null)
        {
            Post("/oauth/register", app.Services.GetRequiredService<RegistrationEndpoint>().HandleAsync);
        }

        // Pages: each step knows the person by a cookie, and is sent by a form of its own.
        var authorize = app.Services.GetRequiredService<AuthorizeEndpoint>();
        open.MapMethods("/oauth/authorize", ["GET", "POST"], authorize.StartAsync);
        OtherMethods.Refuse(open, "/oauth/authorize", "GET, POST");
        Post("/oauth/sign-in", authorize.SignInAsync);
        Post("/oauth/patients", authorize.FindPatientsAsync);
        Post("/oauth/patient", authorize.PickPatientAsync);
        Post("/oauth/encounter", authorize.PickEncounterAsync);
        Post("/oauth/consent", authorize.DecideAsync);
        Post("/oauth/break-glass", authorize.BreakGlassAsync);

        // A person's own: what they have allowed, and the end of it.
        var apps = app.Services.GetRequiredService<AppsEndpoint>();
        open.MapGet("/account/apps", apps.ShowAsync);
        OtherMethods.Refuse(open, "/account/apps", "GET");
        Post("/account/sign-in", apps.SignInAsync);
        Post("/account/apps/end", apps.EndAsync);
        Post("/account/sign-out", apps.SignOutAsync);

        // Needs a token of its own, as the routes of the API do.
        app.MapPost("/oauth/launch", app.Services.GetRequiredService<LaunchEndpoint>().HandleAsync).RequireAuthorization();

        void Post(string path, RequestDelegate handler)
        {
            open.MapPost(path, handler);
            OtherMethods.Refuse(open, path, "POST");
        }
    }
}
