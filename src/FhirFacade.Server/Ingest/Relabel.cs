using FhirFacade.Fhir.Sensitivity;
using FhirFacade.Server.Access;
using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Resources;
using Npgsql;

namespace FhirFacade.Server.Ingest;

/// <summary>
/// Labels what was stored under other rules of sensitive categories, beside all other work: when the server starts, when a file of <c>Access:SensitiveValueSets</c> has changed, and when a ValueSet that
/// says which labels it stands for is stored, changed or deleted, by whichever server.
/// </summary>
internal sealed partial class Relabel(NpgsqlDataSource database, ServerOptions options, TimeProvider clock, ILogger<Relabel> log) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(5);

    private readonly LabelFiles files = new(options.Access.SensitiveValueSets);
    private readonly StoredLabelRules stored = new(database);
    private bool isBehind = true;
    private bool isInTrouble;
    private DateTimeOffset settled;

    /// <summary>If the database is there, what is stored counts before the first message or request does.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException)
        {
            Trouble(log, error is PostgresException refused ? refused.SqlState : error.GetType().Name);
        }
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var relabelling = new Relabelling(database, clock);
        try
        {
            while (true)
            {
                try
                {
                    await LookAsync(stoppingToken);
                    if (isBehind)
                    {
                        await WorkAsync(relabelling, stoppingToken);
                    }
                    isInTrouble = false;
                    await Task.Delay(BetweenLooks, clock, stoppingToken);
                }
                catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException)
                {
                    // What was begun has been rolled back; it goes on when the database is there again.
                    if (!isInTrouble)
                    {
                        Trouble(log, error is PostgresException refused ? refused.SqlState : error.GetType().Name);
                    }
                    isInTrouble = true;
                    await Task.Delay(AfterTrouble, clock, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A transaction that was under way is rolled back; the next server goes on from the one before.
        }
    }

    // Whether the rules are others now; if so, they are in force from here on.
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var (inFiles, problem) = files.Refresh();
        if (problem is not null)
        {
            Unusable(log, problem);
        }
        var (inStore, settles) = await stored.RefreshAsync(cancellationToken);
        if (inFiles || inStore)
        {
            SensitivityRules.Serve(stored.On(files.Rules));
            isBehind = true;
            Changed(log);
            settled = clock.GetUtcNow() + settles;
        }
    }

    private async Task WorkAsync(Relabelling relabelling, CancellationToken cancellationToken)
    {
        var pause = options.Storage.ReindexRowsPerSecond == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((double)Relabelling.Batch / options.Storage.ReindexRowsPerSecond);
        var steps = 0;
        do
        {
            await LookAsync(cancellationToken);
            await Task.Delay(clock.GetUtcNow() < settled ? settled - clock.GetUtcNow() : steps == 0 ? TimeSpan.Zero : pause, clock, cancellationToken);
            steps++;
        }
        while (await relabelling.StepAsync(cancellationToken));
        isBehind = false;
        Completed(log, steps);
    }

    [LoggerMessage(1, LogLevel.Debug, "what is stored is labelled by the rules in force, after {Steps} steps")]
    private static partial void Completed(ILogger logger, int steps);

    [LoggerMessage(2, LogLevel.Warning, "labelling: the database is in trouble ({Code}); it goes on later")]
    private static partial void Trouble(ILogger logger, string code);

    [LoggerMessage(3, LogLevel.Information, "the value sets of sensitive categories have changed: what is stored is labelled anew")]
    private static partial void Changed(ILogger logger);

    [LoggerMessage(4, LogLevel.Error, "Access:SensitiveValueSets has changed and cannot be used ({Problem}); what it said before is still in force")]
    private static partial void Unusable(ILogger logger, string problem);
}
