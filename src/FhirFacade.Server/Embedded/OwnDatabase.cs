using System.Net.Sockets;
using FhirFacade.Server.Configuration;
using Npgsql;

namespace FhirFacade.Server.Embedded;

/// <summary>The database in the private cluster.</summary>
internal static class OwnDatabase
{
    // A server left over from a killed host may be recovering, or on its way down.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Makes it if it is not there.</summary>
    /// <returns>Its connection string.</returns>
    /// <exception cref="StartupException">The server does not let us in.</exception>
    public static async Task<string> EnsureAsync(ClusterFiles files, CancellationToken cancellationToken)
    {
        var own = ConnectionString(files, ClusterSettings.Owner);
        var deadline = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(own + ";Pooling=false");
                await connection.OpenAsync(cancellationToken);
                return own;
            }
            catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.InvalidCatalogName)
            {
                await CreateAsync(files, cancellationToken);
            }
            catch (NpgsqlException exception) when (exception.InnerException is SocketException or IOException or TimeoutException
                || exception.SqlState is PostgresErrorCodes.CannotConnectNow)
            {
                if (DateTime.UtcNow > deadline)
                {
                    throw new StartupException($"PostgreSQL runs on {files.Data} but lets nobody in; see {files.Log}", exception);
                }

                await Task.Delay(50, cancellationToken);
            }
            catch (NpgsqlException exception)
            {
                throw new StartupException($"PostgreSQL on {files.Data} refuses: {exception.Message}", exception);
            }
        }
    }

    private static async Task CreateAsync(ClusterFiles files, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(files, "postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var create = new NpgsqlCommand($"create database {ClusterSettings.Owner}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string ConnectionString(ClusterFiles files, string database) =>
        new NpgsqlConnectionStringBuilder { Host = files.Socket, Username = ClusterSettings.Owner, Database = database, SslMode = SslMode.Disable }.ConnectionString;
}
