using System.Net;
using System.Net.Sockets;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Journal;
using FhirFacade.Storage.Schema;
using FhirFacade.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>The whole server in this process, on ports of its own, over a database of its own.</summary>
internal sealed class IngestServer : IAsyncDisposable
{
    private readonly TestDatabase? database;
    private readonly NpgsqlDataSource dataSource;
    private readonly WebApplication app;
    private readonly string dataDirectory;

    private IngestServer(TestDatabase? database, NpgsqlDataSource dataSource, WebApplication app, ServerOptions options)
    {
        this.database = database;
        this.dataSource = dataSource;
        this.app = app;
        dataDirectory = options.DataDirectory;
        MllpPort = options.Mllp.Port;
        Http = new HttpClient(new OverhearingHandler()) { BaseAddress = new Uri(options.Http.Url) };
        Journal = new(dataSource, new JournalSignal());
    }

    public int MllpPort { get; }

    public HttpClient Http { get; }

    public JournalReader Journal { get; }

    public TestDatabase Database => database!;

    /// <summary>A server over an empty database of this build's schema.</summary>
    public static async Task<IngestServer> StartAsync(MllpOptions? mllp = null, IngestOptions? ingest = null, bool demo = true, FeedOptions? feeds = null)
    {
        var database = await TestCluster.NewDatabaseAsync();
        return await StartAsync(database, database.ConnectionString, mllp ?? new(), ingest ?? new(), demo, feeds ?? new());
    }

    /// <summary>A server whose database does not answer.</summary>
    public static Task<IngestServer> StartWithoutDatabaseAsync() =>
        StartAsync(null, $"Host=127.0.0.1;Port={FreePort()};Username=nobody;Timeout=2", new(), new(), demo: true, new());

    public Task<MllpTestClient> ConnectAsync() => MllpTestClient.ConnectAsync(MllpPort);

    /// <summary>What the journal holds under control ids that start so, oldest first.</summary>
    public async Task<IReadOnlyList<JournalRecord>> RowsAsync(string controlId) =>
        [.. (await Journal.ListAsync(new(Limit: 100_000), TestContext.Current.CancellationToken)).Reverse()
            .Where(row => row.ControlId.StartsWith(controlId, StringComparison.Ordinal))];

    /// <summary>A token signed with this server's key.</summary>
    public string Token(string scope, string? patient) => 
        app.Services.GetRequiredService<AccessTokens>().Issue("test", "test", scope, patient, TimeSpan.FromMinutes(5));

    /// <summary>Told to stop, as by SIGTERM; returns when it has drained.</summary>
    public Task StopAsync() => app.StopAsync();

    /// <summary>Waits until no message waits for a worker any more.</summary>
    public async Task<JournalCounts> SettledAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        while (true)
        {
            var counts = await Journal.CountAsync(stop);
            if (counts.Received == 0)
            {
                return counts;
            }

            await Task.Delay(50, stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
        await dataSource.DisposeAsync();
        if (database is not null)
        {
            await database.DisposeAsync();
        }

        Directory.Delete(dataDirectory, recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<IngestServer> StartAsync(TestDatabase? database, string connectionString, MllpOptions mllp, IngestOptions ingest, bool demo, FeedOptions feeds)
    {
        var options = new ServerOptions
        {
            Storage = new() { ConnectionString = connectionString },
            Http = new() { Url = $"http://127.0.0.1:{FreePort()}", MaxBodyBytes = 1024 * 1024 },
            Mllp = new()
            {
                Port = FreePort(),
                MaxMessageBytes = mllp.MaxMessageBytes,
                IdleTimeout = mllp.IdleTimeout,
                MaxInFlight = mllp.MaxInFlight,
                MaxConnections = mllp.MaxConnections,
                Tls = mllp.Tls,
            },
            Ingest = ingest,
            Feeds = feeds,
            Demo = demo,
            DataDirectory = Directory.CreateTempSubdirectory("fhirfacade-ingest-").FullName,
        };
        var dataSource = DataSources.Create(connectionString);
        var app = Host.Build(options, dataSource);
        Overheard.Listen(app.Services);
        await app.StartAsync();
        return new(database, dataSource, app, options);
    }
}
