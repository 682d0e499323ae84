using FhirFacade.Server.Rest;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FhirFacade.Server.Admin;

/// <summary>The routes under <c>/admin</c>: what the commands <c>user</c>, <c>client</c>, <c>keys</c> and <c>journal</c> do, over HTTP.</summary>
/// <remarks>
/// Every one needs a token of a client that acts for itself with <see cref="SiteScopes.Admin"/>. No FHIR scope, no person's token and no browser session opens any.
/// JSON in and out, errors as problem details (RFC 9457). No answer holds a secret that exists; one that is made is in the answer that made it, once.
/// </remarks>
public static class AdminEndpoints
{
    /// <summary>The path of them all.</summary>
    public const string Root = "/admin";

    /// <summary>Adds what the routes need.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<UsersAdmin>();
        services.AddSingleton<ClientsAdmin>();
        services.AddSingleton<KeysAdmin>();
        services.AddSingleton<JournalAdmin>();
        services.AddSingleton<PoliciesAdmin>();
    }

    /// <summary>Maps them; with a foreign issuer, who has the people and the clients, there are none.</summary>
    public static void Map(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.Services.GetRequiredService<SmartSettings>().Authority is not null)
        {
            return;
        }
        var admin = new Routes(app.MapGroup(Root).RequireAuthorization());
        app.Services.GetRequiredService<UsersAdmin>().Map(admin);
        app.Services.GetRequiredService<ClientsAdmin>().Map(admin);
        app.Services.GetRequiredService<KeysAdmin>().Map(admin);
        app.Services.GetRequiredService<JournalAdmin>().Map(admin);
        app.Services.GetRequiredService<PoliciesAdmin>().Map(admin);
        admin.RefuseTheRest();
    }

    /// <summary>Routes that ask for the scope before anything else.</summary>
    internal sealed class Routes(IEndpointRouteBuilder group)
    {
        private readonly Dictionary<string, List<string>> methods = new(StringComparer.Ordinal);

        public void Map(string method, string path, RequestDelegate handler)
        {
            group.MapMethods(path, [method], http => SiteScopes.OpensForItself(http.User, SiteScopes.Admin)
                ? handler(http)
                : OutcomeResponse.WriteAsync(http, Refusal.One(StatusCodes.Status403Forbidden, "forbidden", "the access token does not open this")));
            methods.TryAdd(path, []);
            methods[path].Add(method);
        }

        public void RefuseTheRest()
        {
            foreach (var (path, known) in methods)
            {
                OtherMethods.Refuse(group, path, string.Join(", ", known));
            }
        }
    }
}
