using FhirFacade.Fhir.Sensitivity;
using FhirFacade.Server.Access;
using FhirFacade.Server.Admin;
using FhirFacade.Server.Audit;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Ingest;
using FhirFacade.Server.Pages;
using FhirFacade.Server.Rest;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Transport;
using Npgsql;

namespace FhirFacade.Server;

/// <summary>The composition root: every service and every endpoint of the server is named here, and nowhere else.</summary>
public static class Host
{
    /// <summary>Names the pool that finds single rows by their key.</summary>
    public const string KeyReads = "key-reads";

    /// <summary>Puts the server together over an open, migrated database. It does not start anything.</summary>
    /// <param name="options">Checked settings.</param>
    /// <param name="dataSource">From <see cref="Storage.Schema.DataSources.Create(string)"/>.</param>
    /// <param name="keyReads">From <see cref="Storage.Schema.DataSources.CreateForKeys"/>; without it the other serves, too.</param>
    /// <param name="definitions">What the site's packages say; without it there are none.</param>
    public static WebApplication Build(ServerOptions options, NpgsqlDataSource dataSource, NpgsqlDataSource? keyReads = null, SiteDefinitions? definitions = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "fhirfacade" });

        ConfigureLogging(builder.Logging);
        if (options.Access.SensitiveValueSets.Count > 0)
        {
            SensitivityRules.Serve(SensitivePolicy.Rules(options.Access));
        }

        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();

        // Nothing here blocks a thread, so bytes are worked on where they arrive, without a turn through the thread pool.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            FrontDoor.Limit(kestrel.Limits, options.Http);
            Listeners.ListenHttp(kestrel, options.Http);
            Listeners.ListenMllp(kestrel, options.Mllp);
        });

        builder.Services.AddRouting();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(dataSource);
        builder.Services.AddKeyedSingleton(KeyReads, keyReads ?? dataSource);
        builder.Services.AddSingleton(definitions ?? SiteDefinitions.BuiltIn);
        builder.Services.AddSingleton(TimeProvider.System);
        AuditServices.Add(builder.Services, options);
        IngestServices.Add(builder.Services, options);
        SmartServices.Add(builder.Services, options);
        PageEndpoints.Add(builder.Services);
        AdminEndpoints.Add(builder.Services);
        FrontDoor.Add(builder.Services, options.Rest);

        var app = builder.Build();

        HealthEndpoints.Map(app);
        Hl7v2Endpoint.Map(app);
        SmartEndpoints.Map(app);
        PageEndpoints.Map(app);
        AdminEndpoints.Map(app);
        RestEndpoints.Map(app);
        return app;
    }

    /// <summary>One line an entry on the console, with the ids that tie it to a message or a request.</summary>
    public static void ConfigureLogging(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.IncludeScopes = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
        logging.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None) // else an activity and a scope with its address are made for each request; our messages name it themselves
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical) // why a start failed is said in one line by the command itself
            .AddFilter("Npgsql", LogLevel.Warning);
    }
}
