using FhirFacade.Storage.Authorizations;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace FhirFacade.Server.Smart;

/// <summary>Loads keys and revocations before the first request, and keeps them as the other instances of the server have them.</summary>
internal sealed partial class SmartUpkeep(SigningKeys keys, RevokedTokens revoked, RevocationStore store, ILogger<SmartUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LoadAsync(cancellationToken);
        }
        catch (NpgsqlException)
        {
            LogLost();  // keys of this instance's own serve until the database is there
        }
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // A round without news looks for what has expired, and whether the connection still lives.
            using var round = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            round.CancelAfter(Longest);
            try
            {
                await store.ListenAsync(() => LoadAsync(round.Token), round.Token);
            }
            catch (OperationCanceledException) when (round.IsCancellationRequested)
            {
                continue;
            }
            catch (NpgsqlException)
            {
                LogLost();
            }
            try
            {
                await Task.Delay(Pause, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        await keys.LoadAsync(cancellationToken);
        await revoked.LoadAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Signing keys and news of revoked tokens are not coming in: the database is not reachable. Trying again.")]
    private partial void LogLost();
}
