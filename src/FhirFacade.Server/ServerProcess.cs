using FhirFacade.Server.Configuration;
using Npgsql;

namespace FhirFacade.Server;

/// <summary>The life of a running server: database up, schema up to date, doors open; and all of it back in reverse.</summary>
public static class ServerProcess
{
    /// <summary>Returns after a drained stop.</summary>
    /// <exception cref="StartupException">It cannot start; the message says why.</exception>
    public static async Task RunAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        await using var dataSource = NpgsqlDataSource.Create(options.Storage.ConnectionString
            ?? throw new StartupException("Storage:ConnectionString is not set"));
        await using var app = Host.Build(options, dataSource);
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
    }
}
