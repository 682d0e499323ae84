using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Embedded;

/// <summary>
/// Watches the cluster's server and starts it again when it is gone. A server that only lost one of its processes recovers by
/// itself and is left to it.
/// </summary>
internal sealed class ClusterSupervisor : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private static readonly Action<ILogger, Exception?> Gone =
        LoggerMessage.Define(LogLevel.Error, new(1, nameof(Gone)), "the private PostgreSQL is gone; starting it again");

    private static readonly Action<ILogger, int, Exception?> Back =
        LoggerMessage.Define<int>(LogLevel.Warning, new(2, nameof(Back)), "the private PostgreSQL is back as process {ProcessId}");

    private static readonly Action<ILogger, string, Exception?> StaysDown =
        LoggerMessage.Define<string>(LogLevel.Error, new(3, nameof(StaysDown)), "{Reason}");

    private readonly ClusterServer server;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task watching;

    public ClusterSupervisor(ClusterServer server, ILogger logger)
    {
        this.server = server;
        this.logger = logger;
        watching = Task.Run(WatchAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await watching;
        stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        var pause = Interval;
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(pause, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested || server.IsAlive)
            {
                pause = Interval;
                continue;
            }

            Gone(logger, null);
            try
            {
                await server.StartAsync(stopping.Token);
                Back(logger, server.ProcessId ?? 0, null);
                pause = Interval;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception) when (exception is StartupException or IOException or UnauthorizedAccessException)
            {
                StaysDown(logger, exception.Message, null);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }
}
