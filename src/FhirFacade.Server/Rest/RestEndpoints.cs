using FhirFacade.Server.Access;
using FhirFacade.Server.Audit;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Rest.Async;
using FhirFacade.Server.Rest.Terminologies;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Transport;
using FhirFacade.Storage.Audit;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Reindex;
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
        ["read", "vread", "update", "patch", "delete", "history-instance", "history-type", "create", "search-type"];

    /// <summary>Those of the system as a whole.</summary>
    internal static IReadOnlyList<string> SystemInteractions { get; } = ["transaction", "batch", "search-system", "history-system"];

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
        HttpsOnly.Use(app, services.GetRequiredService<ServerOptions>().Http);
        app.Use(next => { var failures = new Failures(services.GetRequiredService<ILogger<Failures>>()); return http => failures.InvokeAsync(http, next); });
        var options = services.GetRequiredService<ServerOptions>().Rest;
        FrontDoor.Use(app, options);
        var single = services.GetRequiredService<SingleRequests>();
        app.Use(single.StartAt);
        var isAudited = services.GetRequiredService<ServerOptions>().Access.Audit != AuditMode.Off;
        if (isAudited)
        {
            var auditing = services.GetRequiredService<Auditing>();
            app.Use(next => http => auditing.InvokeAsync(http, next));
        }
        app.Use(next => { var failures = new Failures(services.GetRequiredService<ILogger<Failures>>()); return http => failures.InvokeAsync(http, next); });
        var purposes = new PurposeOfUseHeader(services.GetRequiredService<SmartSettings>(), services.GetRequiredService<Access.BreakGlass.Emergencies>());
        app.Use(next => http => purposes.InvokeAsync(http, next));
        app.UseRouting();
        // Else the framework puts its own middleware first, which checks a signature for each request. Should the name change one day, no more than speed is lost.
        ((IApplicationBuilder)app).Properties["__AuthenticationMiddlewareSet"] = true;
        PlainAuthorization.Use(app);
        AsyncEndpoints.Use(app);

        var dataSource = services.GetRequiredService<NpgsqlDataSource>();
        var settings = services.GetRequiredService<SmartSettings>();
        var clock = services.GetRequiredService<TimeProvider>();
        var pages = new PageLinks(services.GetRequiredService<IDataProtectionProvider>());
        var resources = new ResourceReader(services.GetRequiredKeyedService<NpgsqlDataSource>(Host.KeyReads));
        var check = new ContentCheck(options, services.GetRequiredService<SiteDefinitions>());
        var writer = new ResourceWriter(dataSource, clock);
        var writing = new Writing(writer, settings);
        var executor = new SearchExecutor(dataSource, clock, app.Services.GetRequiredKeyedService<NpgsqlDataSource>(Host.KeyReads));
        var history = new HistoryReader(dataSource);
        var terminology = new TerminologySources(services.GetRequiredService<SiteDefinitions>(), resources, executor, settings, clock);
        var search = new Search(executor, terminology, settings, pages, clock);
        var conditions = new Conditions(terminology, clock);
        var historyResponse = new HistoryResponse(settings, pages, clock);

        app.MapMethods("/fhir/metadata", GetOrHead, new Capabilities(services.GetRequiredService<ServedApi>()).HandleAsync).AllowAnonymous();

        app.MapMethods("/openapi.json", GetOrHead, new OpenApi.OpenApiEndpoint(services.GetRequiredService<ServedApi>(), settings).HandleAsync).AllowAnonymous();

        var fhir = app.MapGroup("/fhir").RequireAuthorization();
        new AuditEvents(new AuditReader(dataSource), services.GetRequiredService<AuditWriter>(), resources, settings, pages, clock, isAudited).Map(fhir);
        fhir.MapMethods("/{type}/{id}", GetOrHead, new Read(resources).HandleAsync);
        fhir.MapMethods("/{type}/{id}/_history/{version}", GetOrHead, new VRead(resources).HandleAsync);
        fhir.MapMethods("/{type}/{id}/_history", GetOrHead, new HistoryInstance(history, pages, historyResponse).HandleAsync).MayTakeLong();
        fhir.MapMethods("/{type}/_history", GetOrHead, new HistoryType(history, pages, historyResponse).HandleAsync).MayTakeLong();
        search.Map(fhir);
        fhir.MapPost("/{type}", new Create(writing, check, conditions).HandleAsync);
        fhir.MapPut("/{type}/{id}", new Update(writing, check, options).HandleAsync);
        fhir.MapPut("/{type}", new ConditionalUpdate(writing, check, options, conditions).HandleAsync);
        var patch = new Patch(writing, check, conditions);
        fhir.MapPatch("/{type}/{id}", patch.HandleAsync);
        fhir.MapPatch("/{type}", patch.HandleConditionAsync);
        var delete = new Delete(writing, conditions);
        fhir.MapDelete("/{type}/{id}", delete.HandleAsync);
        fhir.MapDelete("/{type}", delete.HandleConditionAsync);

        fhir.MapMethods("/_history", GetOrHead, new HistorySystem(history, pages, historyResponse).HandleAsync).MayTakeLong();
        fhir.MapPost("/", new Bundles(new Batch(single, check, settings, clock), new Transaction(writer, check, settings, options, conditions, clock), check, settings, options).HandleAsync).MayTakeLong();
        Operations.OperationEndpoints.Map(fhir, resources, writer, executor, settings, pages, check, services.GetRequiredService<SiteDefinitions>(), terminology, clock);
        new Operations.Reindex(services.GetRequiredService<ReindexJobs>(), services.GetRequiredService<Ingest.Reindexing>(), settings, check).Map(fhir);

        AsyncEndpoints.Map(fhir, services, resources, executor, clock);

        OtherMethods.Refuse(fhir, "/", "GET, HEAD, POST");
        OtherMethods.Refuse(fhir, "/metadata", "GET, HEAD");
        OtherMethods.Refuse(fhir, "/_history", "GET, HEAD");
        OtherMethods.Refuse(fhir, "/{type}", "GET, HEAD, POST, PUT, PATCH, DELETE");
        OtherMethods.Refuse(fhir, "/{type}/_history", "GET, HEAD");
        OtherMethods.Refuse(fhir, "/{type}/{id}", "GET, HEAD, PUT, PATCH, DELETE");
        OtherMethods.Refuse(fhir, "/{type}/{id}/_history", "GET, HEAD");
        OtherMethods.Refuse(fhir, "/{type}/{id}/_history/{version}", "GET, HEAD");
        app.MapFallback("/{**path}", http => OutcomeResponse.WriteAsync(http, Refusal.NoRoute()));
    }
}
