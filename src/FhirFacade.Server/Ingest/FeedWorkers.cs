using FhirFacade.Storage.Journal;

namespace FhirFacade.Server.Ingest;

/// <summary>Has the journal worked off for as long as the server runs.</summary>
internal sealed class FeedWorkers(JournalWorkers workers, FeedPipeline pipeline) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => workers.RunAsync(pipeline.Process, stoppingToken);
}
