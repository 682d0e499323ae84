using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Embedded;

/// <summary>Starts and stops the server of a cluster.</summary>
internal sealed class ClusterServer(ClusterFiles files, PostgresBinaries binaries, PostgresAccount? account, PrivatePostgresOptions options)
{
    // After a kill, the server's other processes need a moment to notice; until then it cannot be started again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const long LongestLog = 16 << 20;

    /// <summary>The process that serves the cluster now; null if there is none.</summary>
    public int? ProcessId { get; private set; }

    /// <summary>True while that process lives.</summary>
    public bool IsAlive => ProcessId is { } process && PostmasterProcess.IsAlive(process);

    /// <summary>Returns when the server accepts connections: one that runs already is taken over as it is.</summary>
    /// <exception cref="StartupException">It does not start; the message says why.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var deadline = DateTime.UtcNow + Patience;
        while ((ProcessId = PostmasterProcess.Find(files)) is null)
        {
            PostmasterProcess.RemoveStaleNote(files);
            if (await TryStartAsync(cancellationToken) is { } reason)
            {
                if (!IsTemporary(reason) || DateTime.UtcNow > deadline)
                {
                    throw new StartupException($"PostgreSQL does not start on {files.Data}: {reason} (more in {files.Log}); restore it from a backup, or move it away to begin anew");
                }

                await Task.Delay(100, cancellationToken);
            }
        }
    }

    /// <summary>Ends it without waiting for clients; if that takes too long, as if the power had failed, which it recovers from.</summary>
    public async Task StopAsync()
    {
        foreach (var mode in new[] { "fast", "immediate" })
        {
            if (PostmasterProcess.Find(files) is null)
            {
                break;
            }

            await PostgresProgram.RunAsync(binaries.Path("pg_ctl"), ["stop", "-D", files.Data, "-m", mode, "-w", "-t", "20"], account, CancellationToken.None);
        }

        ProcessId = null;
        if (!files.Socket.StartsWith(files.Root, StringComparison.Ordinal) && Directory.Exists(files.Socket))
        {
            Directory.Delete(files.Socket, recursive: true);
        }
    }

    // Null if it runs; otherwise why not.
    private async Task<string?> TryStartAsync(CancellationToken cancellationToken)
    {
        // A new cluster has no settings of ours yet, and nothing of it can be asked without the file that it includes.
        var settings = Path.Combine(files.Data, ClusterSettings.FileName);
        if (!File.Exists(settings))
        {
            await File.WriteAllTextAsync(settings, "", cancellationToken);
        }

        var lz4 = await PostgresProgram.RunAsync(
            binaries.Path("postgres"), ["-D", files.Data, "-C", "wal_compression", "-c", "wal_compression=lz4"], account, cancellationToken);
        ClusterSettings.Write(files, files.Data, options, account, lz4.ExitCode == 0);
        if (File.Exists(files.Log) && new FileInfo(files.Log).Length > LongestLog)
        {
            File.Delete(files.Log);
        }

        var before = File.Exists(files.Log) ? new FileInfo(files.Log).Length : 0;
        var started = await PostgresProgram.RunAsync(
            binaries.Path("pg_ctl"), ["start", "-D", files.Data, "-l", files.Log, "-w", "-t", "86400", "-s"], account, cancellationToken);
        if (started.ExitCode == 0)
        {
            return null;
        }

        var log = LogTail.Since(files.Log, before);
        return log.Length > 0 ? LogTail.Reason(log) : started.Reason;
    }

    private static bool IsTemporary(string reason) =>
        reason.Contains("shared memory block", StringComparison.Ordinal) || reason.Contains("already exists", StringComparison.Ordinal);
}
