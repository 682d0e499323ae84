using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Resources;
using Npgsql;

namespace FhirFacade.Server.Ingest;

/// <summary>When the server starts, labels what was stored under other rules of sensitive categories, beside all other work.</summary>
internal sealed partial class Relabel(NpgsqlDataSource database, ServerOptions options, TimeProvider clock, ILogger<Relabel> log) : BackgroundService
{
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = options.Storage.ReindexRowsPerSecond == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((double)Relabelling.Batch / options.Storage.ReindexRowsPerSecond);
        var relabelling = new Relabelling(database, clock);
        try
        {
            for (var steps = 0; ; steps++)
            {
                try
                {
                    if (!await relabelling.StepAsync(stoppingToken))
                    {
                        Completed(log, steps);
                        return;
                    }
                    await Task.Delay(pause, clock, stoppingToken);
                }
                catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException)
                {
                    // What was begun has been rolled back; it goes on when the database is there again.
                    Trouble(log, error is PostgresException refused ? refused.SqlState : error.GetType().Name);
                    await Task.Delay(AfterTrouble, clock, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A transaction that was under way is rolled back; the next server goes on from the one before.
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "what is stored is labelled by the rules in force, after {Steps} steps")]
    private static partial void Completed(ILogger logger, int steps);

    [LoggerMessage(2, LogLevel.Warning, "labelling: the database is in trouble ({Code}); it goes on later")]
    private static partial void Trouble(ILogger logger, string code);
}
