using FhirFacade.Server.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace FhirFacade.Server.Embedded;

/// <summary>
/// A PostgreSQL of our own: made from the installed programs, reached through a Unix socket only, never run as root. It outlives
/// a host that is killed, is found again by the next one, and is started again if it is killed itself.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private readonly ClusterServer server;
    private readonly ClusterSupervisor? supervisor;

    private PrivatePostgres(ClusterServer server, ClusterSupervisor? supervisor, string connectionString)
    {
        this.server = server;
        this.supervisor = supervisor;
        ConnectionString = connectionString;
    }

    /// <summary>Opens the database as its owner.</summary>
    public string ConnectionString { get; }

    /// <summary>The server's process; changes when it is started again. Null while it is down.</summary>
    public int? ProcessId => server.ProcessId;

    /// <summary>Makes the cluster if there is none, starts it if it is not running, and makes the database if there is none.</summary>
    /// <exception cref="StartupException">It cannot be done; the message is one line that says why.</exception>
    public static async Task<PrivatePostgres> StartAsync(PrivatePostgresOptions options, ILogger? logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var files = new ClusterFiles(Path.GetFullPath(options.Directory));
        var account = await PostgresAccount.ChooseAsync(files.Data, cancellationToken);
        var binaries = await PostgresBinaries.FindAsync(files.Version(), cancellationToken);
        await ClusterDirectories.PrepareAsync(files, account, cancellationToken);
        if (files.Version() is null)
        {
            await NewCluster.CreateAsync(files, binaries, account, cancellationToken);
        }

        var server = new ClusterServer(files, binaries, account, options);
        try
        {
            await server.StartAsync(cancellationToken);
            var connectionString = await OwnDatabase.EnsureAsync(files, cancellationToken);
            var supervisor = options.Supervised ? new ClusterSupervisor(server, logger ?? NullLogger.Instance) : null;
            return new(server, supervisor, connectionString);
        }
        catch
        {
            await server.StopAsync();
            throw;
        }
    }

    /// <summary>Stops it: running transactions are rolled back, everything committed is on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        if (supervisor is not null)
        {
            await supervisor.DisposeAsync();
        }

        await server.StopAsync();
    }
}
