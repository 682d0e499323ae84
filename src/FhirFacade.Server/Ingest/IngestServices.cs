using FhirFacade.Server.Configuration;
using FhirFacade.Server.Ingest.UsCore;
using FhirFacade.Storage.Journal;
using FhirFacade.Storage.Search.Reindex;
using Npgsql;

namespace FhirFacade.Server.Ingest;

/// <summary>The services of the way in: journal, pipeline, workers, listeners.</summary>
internal static class IngestServices
{
    public static void Add(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<JournalSignal>();
        services.AddSingleton(provider => new JournalWriter(provider.GetRequiredKeyedService<NpgsqlDataSource>(Host.KeyReads), provider.GetRequiredService<JournalSignal>()));
        services.AddSingleton<JournalReader>();
        services.AddSingleton<UsCoreClaims>(static provider => new(provider.GetRequiredService<SiteDefinitions>()));
        services.AddSingleton(provider => new JournalWorkerOptions
        {
            Workers = options.Ingest.Workers,
            Complete = options.Ingest.UsCore ? provider.GetRequiredService<UsCoreClaims>().Complete : null,
        });
        services.AddSingleton<JournalWorkers>();
        services.AddSingleton(FeedCatalog.Load(options));
        services.AddSingleton<Acknowledger>();
        services.AddSingleton<FeedPipeline>();
        services.AddSingleton<MllpConnectionHandler>();
        services.AddSingleton<Hl7v2Endpoint>();
        services.AddSingleton<ReindexJobs>();
        services.AddSingleton<Reindexing>();
        services.AddHostedService(static provider => provider.GetRequiredService<Reindexing>());
        services.AddHostedService<Relabel>();
        services.AddHostedService<FeedWatch>();
        services.AddHostedService<FeedWorkers>();
    }
}
