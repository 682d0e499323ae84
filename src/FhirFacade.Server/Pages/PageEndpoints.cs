using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FhirFacade.Server.Pages;

/// <summary>The routes of what people look at. All of them are open: nothing on a page comes out of the database.</summary>
public static class PageEndpoints
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds what the pages need.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<PageAssets>();
        services.AddSingleton<PageLayout>();
        services.AddSingleton<Home>();
        services.AddSingleton<TypePage>();
    }

    /// <summary>Maps them.</summary>
    public static void Map(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var open = app.MapGroup("").AllowAnonymous();
        open.MapMethods("/", GetOrHead, app.Services.GetRequiredService<Home>().HandleAsync);
        open.MapMethods("/types/{type}", GetOrHead, app.Services.GetRequiredService<TypePage>().HandleAsync);
        open.MapMethods("/assets/{name}", GetOrHead, app.Services.GetRequiredService<PageAssets>().HandleAsync);
    }
}
