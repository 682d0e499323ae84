using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Async;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Execute;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FhirFacade.Server.Rest.Async;

/// <summary>What answers later needs: services, the way in, and the routes of its own.</summary>
internal static class AsyncEndpoints
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the services.</summary>
    public static void Add(IServiceCollection services, RestOptions options)
    {
        services.AddSingleton(provider => new AsyncJobs(provider.GetRequiredKeyedService<NpgsqlDataSource>(Host.KeyReads)));
        services.AddSingleton<AsyncSignal>();
        services.AddSingleton(options);
        services.AddSingleton<SingleRequests>();
        services.AddSingleton<AsyncRun>();
        services.AddSingleton<AsyncRequests>();
        services.AddHostedService<AsyncWorkers>();
    }

    /// <summary>Puts the acceptance of such requests before the routes.</summary>
    public static void Use(WebApplication app)
    {
        var requests = app.Services.GetRequiredService<AsyncRequests>();
        app.Use(next => http => requests.InvokeAsync(http, next));
    }

    /// <summary>Maps status, pages and cancellation under the FHIR API, whose group asks for a token.</summary>
    public static void Map(IEndpointRouteBuilder fhir, IServiceProvider services, ResourceReader resources, SearchExecutor executor, TimeProvider clock)
    {
        var status = new AsyncStatus(services.GetRequiredService<AsyncJobs>(), new JudgedBundle(resources, executor, clock), services.GetRequiredService<Smart.SmartSettings>(), clock);
        fhir.MapMethods("/_async/{job}", GetOrHead, status.GetAsync);
        fhir.MapDelete("/_async/{job}", status.DeleteAsync);
        fhir.MapMethods("/_async/{job}/{page}", GetOrHead, status.PageAsync);
        OtherMethods.Refuse(fhir, "/_async/{job}", "GET, HEAD, DELETE");
        OtherMethods.Refuse(fhir, "/_async/{job}/{page}", "GET, HEAD");
    }
}
