using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FhirFacade.Server.Smart;

/// <summary>
/// Authorisation by the policy of the route. A route that asks for nothing but a valid token is open to a caller whose token has passed, and that is all that is looked at;
/// everything else, and whoever has no such token, is left to the framework, which denies what no route allows.
/// </summary>
internal static class PlainAuthorization
{
    /// <summary>Lets a route run without the framework's mark that it was judged: what passes here on the short way has none.</summary>
    public static void Add(IServiceCollection services) => services.Configure<RouteOptions>(routes => routes.SuppressCheckForUnhandledSecurityMetadata = true);

    /// <summary>Puts it after routing and before the routes.</summary>
    public static void Use(WebApplication app)
    {
        // Else the framework puts its own before everything, where no route is known yet, and nobody would get to what is open to all.
        ((IApplicationBuilder)app).Properties["__AuthorizationMiddlewareSet"] = true;
        app.UseWhen(http => !IsOpen(http), judged => judged.UseAuthorization());
    }

    /// <summary>Whether a valid token is there, and is all that the route asks for.</summary>
    internal static bool IsOpen(HttpContext http) => http.User.Identity is { IsAuthenticated: true } && http.GetEndpoint() is { } route && AsksForTokenOnly(route.Metadata);

    private static bool AsksForTokenOnly(EndpointMetadataCollection metadata)
    {
        var asked = metadata.GetOrderedMetadata<IAuthorizeData>();
        for (var i = 0; i < asked.Count; i++)
        {
            if (asked[i] is not { Policy: null, Roles: null, AuthenticationSchemes: null })
            {
                return false;
            }
        }
        return asked.Count > 0 && metadata.GetOrderedMetadata<AuthorizationPolicy>().Count == 0 && metadata.GetOrderedMetadata<IAuthorizationRequirementData>().Count == 0;
    }
}
