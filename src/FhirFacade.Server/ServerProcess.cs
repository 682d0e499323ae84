using System.Runtime.InteropServices;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Embedded;
using FhirFacade.Server.Smart.Accounts;
using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Server;

/// <summary>The life of a running server: database up, schema up to date, doors open; and all of it back in reverse.</summary>
public static class ServerProcess
{
    /// <summary>Runs until SIGINT, SIGTERM or <paramref name="cancellationToken"/>. Returns after a drained stop.</summary>
    /// <param name="options">Checked settings.</param>
    /// <param name="whenReady">Called once the doors are open; its failure stops the server.</param>
    /// <param name="cancellationToken">Stops the server.</param>
    /// <exception cref="StartupException">It cannot start; the message says why.</exception>
    public static async Task RunAsync(ServerOptions options, Func<RunFile, IServiceProvider, CancellationToken, Task> whenReady, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(whenReady);

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = StopOn(PosixSignal.SIGINT, stopping);
        using var terminate = StopOn(PosixSignal.SIGTERM, stopping);
        using var claim = RunFile.Claim(options);

        try
        {
            using var logging = LoggerFactory.Create(Host.ConfigureLogging);
            var definitions = SiteDefinitions.Load(options, logging.CreateLogger<SiteDefinitions>());
            SearchParameterSet.Serve(definitions.SearchParameters);
            await using var postgres = options.Storage.ConnectionString is null ? await StartPostgresAsync(options, logging, stopping.Token) : null;
            var connectionString = options.Storage.ConnectionString ?? postgres!.ConnectionString;
            await using var dataSource = Open(connectionString);
            await using var keyReads = DataSources.CreateForKeys(connectionString);
            await Migrator.MigrateAsync(dataSource, stopping.Token);

            await using var app = Host.Build(options, dataSource, keyReads, definitions);
            await app.StartAsync(stopping.Token);
            if (options.Demo && options.Smart.Authority is null)
            {
                await app.Services.GetRequiredService<DemoAccounts>().EnsureAsync(stopping.Token);
            }

            var running = new RunFile(Environment.ProcessId, options.Http.Url, options.Mllp.Address, options.Mllp.Port, options.Demo, postgres?.ConnectionString);
            running.Write(options);
            try
            {
                await whenReady(running, app.Services, stopping.Token);
                await app.WaitForShutdownAsync(stopping.Token);
            }
            finally
            {
                RunFile.Remove(options);
                await app.StopAsync(CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop before it was fully up: what was started has been stopped on the way here.
        }
    }

    private static Task<PrivatePostgres> StartPostgresAsync(ServerOptions options, ILoggerFactory logging, CancellationToken cancellationToken) =>
        PrivatePostgres.StartAsync(new(Path.Combine(options.DataPath, "pg")), logging.CreateLogger<PrivatePostgres>(), cancellationToken);

    private static NpgsqlDataSource Open(string connectionString)
    {
        try
        {
            return DataSources.Create(connectionString);
        }
        catch (ArgumentException error)
        {
            throw new StartupException("Storage:ConnectionString is no connection string that Npgsql understands", error);
        }
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, CancellationTokenSource stopping) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stopping.Cancel();
        });
}
