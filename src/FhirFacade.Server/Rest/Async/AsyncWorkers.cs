using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Async;
using Npgsql;

namespace FhirFacade.Server.Rest.Async;

/// <summary>Carries out what is to be answered later, for as long as the server runs, and throws expired answers away.</summary>
internal sealed partial class AsyncWorkers(AsyncJobs jobs, AsyncRun run, AsyncSignal signal, RestOptions options, IHostApplicationLifetime life, TimeProvider clock, ILogger<AsyncWorkers> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.AsyncWorkers).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            await StartedAsync(stopping);
            while (true)
            {
                await WorkOffAsync(stopping);
                await signal.WaitAsync(Pause, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops; what was under way has been given back.
        }
    }

    // Before the server has started there are no routes to send a request through.
    private async Task StartedAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = life.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stopping);
    }

    private async Task WorkOffAsync(CancellationToken stopping)
    {
        try
        {
            await jobs.PurgeAsync(clock.GetUtcNow(), stopping);
            while (await jobs.ClaimAsync(clock.GetUtcNow(), stopping) is var (job, wasLeft))
            {
                await run.CarryOutAsync(job, wasLeft, stopping);
            }
        }
        catch (NpgsqlException lost)
        {
            DatabaseLost(log, lost.SqlState);
            await Task.Delay(Patience, clock, stopping);
        }
    }

    [LoggerMessage(EventId = 3011, Level = LogLevel.Warning, Message = "Requests to be answered later met no database: {SqlState}")]
    private static partial void DatabaseLost(ILogger log, string? sqlState);
}
