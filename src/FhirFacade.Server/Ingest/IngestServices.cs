using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Journal;
using FhirFacade.Translation;
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
        services.AddSingleton(new JournalWorkerOptions { Workers = options.Ingest.Workers });
        services.AddSingleton<JournalWorkers>();
        services.AddSingleton(Translator.Default);
        services.AddSingleton(new FeedProfile(TimeZoneInfo.FindSystemTimeZoneById(options.Ingest.TimeZone), options.Ingest.DefaultAuthority));
        services.AddSingleton<Acknowledger>();
        services.AddSingleton<FeedPipeline>();
        services.AddSingleton<MllpConnectionHandler>();
        services.AddSingleton<Hl7v2Endpoint>();
        services.AddHostedService<FeedWorkers>();
    }
}
