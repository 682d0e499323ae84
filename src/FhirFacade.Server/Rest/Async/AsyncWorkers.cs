using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Async;
using Npgsql;

namespace FhirFacade.Server.Rest.Async;

/// <summary>Carries out what is to be answered later, for as long as the server runs, and throws expired answers away.</summary>
internal sealed partial class AsyncWorkers(AsyncJobs jobs, AsyncRun run, AsyncSignal signal, RestOptions options, TimeProvider clock, ILogger<AsyncWorkers> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.AsyncWorkers).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await jobs.PurgeAsync(clock.GetUtcNow(), stopping);
                while (await jobs.ClaimAsync(clock.GetUtcNow(), stopping) is var (job, wasLeft))
                {
                    await run.CarryOutAsync(job, wasLeft, stopping);
                }
                await signal.WaitAsync(Pause, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException lost)
            {
                DatabaseLost(log, lost.SqlState);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stopping).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    [LoggerMessage(EventId = 3011, Level = LogLevel.Warning, Message = "Requests to be answered later met no database: {SqlState}")]
    private static partial void DatabaseLost(ILogger log, string? sqlState);
}
