using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Execute;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FhirFacade.Server.Rest;

/// <summary>The routes of the FHIR API.</summary>
public static class RestEndpoints
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>The interactions that are mapped for every stored type, as CapabilityStatement names them.</summary>
    internal static IReadOnlyList<string> Interactions { get; } =
        ["read", "vread", "update", "delete", "history-instance", "history-type", "create", "search-type"];

    /// <summary>
    /// Puts names, failures and authorisation before every route of the application, and maps the FHIR API under <c>/fhir</c>.
    /// </summary>
    /// <remarks>
    /// Everything under <c>/fhir</c> needs a valid token except <c>metadata</c> and <c>smart-configuration</c>; what the token opens
    /// is the business of the query that each interaction runs. Any other route needs a valid token too unless it says otherwise.
    /// </remarks>
    public static void Map(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.Services;
        app.Use(next => http => RequestIds.InvokeAsync(http, next));
        app.Use(next => { var failures = new Failures(services.GetRequiredService<ILogger<Failures>>()); return http => failures.InvokeAsync(http, next); });
        app.UseRouting();
        // Else the framework puts its own middleware first, which checks a signature for each request. Should the name change one day, no more than speed is lost.
        ((IApplicationBuilder)app).Properties["__AuthenticationMiddlewareSet"] = true;
        var tokens = services.GetRequiredService<RememberedTokens>();
        app.Use(next => http => tokens.InvokeAsync(http, next));
        app.UseAuthorization();

        var dataSource = services.GetRequiredService<NpgsqlDataSource>();
        var settings = services.GetRequiredService<SmartSettings>();
        var clock = services.GetRequiredService<TimeProvider>();
        var pages = new PageLinks(services.GetRequiredService<IDataProtectionProvider>());
        var resources = new ResourceReader(services.GetRequiredKeyedService<NpgsqlDataSource>(Host.KeyReads));
        var writer = new ResourceWriter(dataSource, clock);
        var history = new HistoryReader(dataSource);
        var search = new Search(new SearchExecutor(dataSource, clock), settings, pages, clock);
        var historyResponse = new HistoryResponse(settings, pages, clock);

        app.MapMethods("/fhir/metadata", GetOrHead, new Capabilities(settings, clock).HandleAsync).AllowAnonymous();

        var fhir = app.MapGroup("/fhir").RequireAuthorization();
        fhir.MapMethods("/{type}/{id}", GetOrHead, new Read(resources).HandleAsync);
        fhir.MapMethods("/{type}/{id}/_history/{version}", GetOrHead, new VRead(resources).HandleAsync);
        fhir.MapMethods("/{type}/{id}/_history", GetOrHead, new HistoryInstance(history, pages, historyResponse).HandleAsync);
        fhir.MapMethods("/{type}/_history", GetOrHead, new HistoryType(history, pages, historyResponse).HandleAsync);
        search.Map(fhir);
        fhir.MapPost("/{type}", new Create(writer, settings).HandleAsync);
        fhir.MapPut("/{type}/{id}", new Update(resources, writer, settings).HandleAsync);
        fhir.MapDelete("/{type}/{id}", new Delete(writer).HandleAsync);

        OtherMethods.Refuse(fhir, "/{type}", "GET, HEAD, POST");
        OtherMethods.Refuse(fhir, "/{type}/_history", "GET, HEAD");
        OtherMethods.Refuse(fhir, "/{type}/{id}", "GET, HEAD, PUT, DELETE");
        OtherMethods.Refuse(fhir, "/{type}/{id}/_history", "GET, HEAD");
        OtherMethods.Refuse(fhir, "/{type}/{id}/_history/{version}", "GET, HEAD");
        app.MapFallback("/{**path}", http => OutcomeResponse.WriteAsync(http, Refusal.NoRoute()));
    }
}
