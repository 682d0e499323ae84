using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Search.Reindex;
using Npgsql;

namespace FhirFacade.Server.Ingest;

/// <summary>Keeps this server's search parameters those of the database, and has stored resources indexed by them where that was asked for.</summary>
internal sealed partial class Reindexing(NpgsqlDataSource database, ServerOptions options, ReindexJobs jobs, ILogger<Reindexing> log) : BackgroundService
{
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim awake = new(0);
    private bool begun;

    /// <summary>Has it look at once.</summary>
    public void Wake() => awake.Release();

    /// <summary>If the database is there, the site's parameters are known before the first request is answered.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await AttemptAsync(BeginAsync, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var reindexer = new Reindexer(database, options.Storage.ReindexRowsPerSecond, job => Completed(log, job));
        try
        {
            while (true)
            {
                await awake.WaitAsync(await AttemptAsync(begun ? reindexer.StepAsync : BeginAsync, stoppingToken), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A transaction that was under way is rolled back; the next server goes on from the one before.
        }
    }

    private async Task<TimeSpan> BeginAsync(CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            if (await SiteParameters.HasChangedAsync(connection, cancellationToken))
            {
                await SiteParameters.RefreshAsync(connection, cancellationToken);
            }
        }

        if (await jobs.StartIfBehindAsync(cancellationToken) is var (job, types))
        {
            Behind(log, types.Length, job);
        }

        begun = true;
        return TimeSpan.Zero;
    }

    private async Task<TimeSpan> AttemptAsync(Func<CancellationToken, Task<TimeSpan>> step, CancellationToken cancellationToken)
    {
        try
        {
            return await step(cancellationToken);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException)
        {
            // What was begun has been rolled back; it goes on when the database is there again.
            Trouble(log, error is PostgresException refused ? refused.SqlState : error.GetType().Name);
            return AfterTrouble;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        awake.Dispose();
        base.Dispose();
    }

    [LoggerMessage(1, LogLevel.Warning, "resources of {Types} types were indexed by other definitions than those of this server: job {Job} indexes them anew; until it is through, searches by what is new find too little")]
    private static partial void Behind(ILogger logger, int types, long job);

    [LoggerMessage(2, LogLevel.Information, "reindexing: job {Job} is completed")]
    private static partial void Completed(ILogger logger, long job);

    [LoggerMessage(3, LogLevel.Warning, "reindexing: the database is in trouble ({Code}); it goes on later")]
    private static partial void Trouble(ILogger logger, string code);
}
