using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using FhirFacade.Server.Embedded;
using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.TestSupport;

/// <summary>
/// The PostgreSQL of this test process: started at the first use, under a directory of its own, gone when the process ends.
/// It does not wait for the disk; tests of durability start a <see cref="PrivatePostgres"/> themselves.
/// </summary>
public static class TestCluster
{
    private const string Prefix = "fhirfacade-test-";
    private const string Template = "migrated";

    private static readonly Lazy<Task<PrivatePostgres>> Cluster = new(StartAsync);
    private static readonly Lazy<Task<string>> Migrated = new(MigrateTemplateAsync);
    private static readonly SemaphoreSlim Copying = new(1);
    private static readonly ConcurrentBag<string> Emptied = [];
    private static readonly string OwnDirectory = Path.Combine(Path.GetTempPath(), Prefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    private static int databases;
    private static int stopped;

    /// <summary>
    /// A database with this build's schema and nothing in it. When it is disposed it is emptied for the next test, or dropped
    /// if the test changed the schema.
    /// </summary>
    public static async Task<TestDatabase> NewDatabaseAsync()
    {
        if (!Emptied.TryTake(out var name))
        {
            name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref databases)}");
            var template = await Migrated.Value;

            // A template may have no other copy under way.
            await Copying.WaitAsync();
            try
            {
                await ExecuteAsync($"create database {name} template {template}");
            }
            finally
            {
                Copying.Release();
            }
        }

        return new(await ConnectionStringAsync(name), () => GiveBackAsync(name));
    }

    /// <summary>A new database with nothing at all in it; dropped when it is disposed.</summary>
    public static async Task<TestDatabase> NewEmptyDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref databases)}");
        await ExecuteAsync($"create database {name}");
        return new(await ConnectionStringAsync(name), () => ExecuteAsync($"drop database {name} with (force)"));
    }

    /// <summary>Ends the cluster and removes its directory; nothing if it was never started. No test may use it afterwards.</summary>
    public static async Task StopAsync()
    {
        if (!Cluster.IsValueCreated || Interlocked.Exchange(ref stopped, 1) == 1)
        {
            return;
        }

        var cluster = await Cluster.Value;
        if (cluster.ProcessId is { } postmaster)
        {
            // SIGQUIT: at once, without writing anything back.
            using var quit = Process.Start("kill", ["-QUIT", postmaster.ToString(CultureInfo.InvariantCulture)]);
            await quit.WaitForExitAsync();
        }

        await cluster.DisposeAsync();
        Directory.Delete(OwnDirectory, recursive: true);
    }

    private static async Task<PrivatePostgres> StartAsync()
    {
        await RemoveLeftoversAsync();
        var cluster = await PrivatePostgres.StartAsync(
            new(OwnDirectory)
            {
                MaxConnections = 300,
                Supervised = false,
                Settings = new Dictionary<string, string>
                {
                    ["fsync"] = "off",
                    ["full_page_writes"] = "off",
                    ["shared_buffers"] = "64MB",
                    ["max_wal_size"] = "256MB",
                },
            },
            null,
            CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => StopAsync().GetAwaiter().GetResult();
        return cluster;
    }

    private static async Task<string> MigrateTemplateAsync()
    {
        await ExecuteAsync($"create database {Template}");
        await using var dataSource = DataSources.Create(await ConnectionStringAsync(Template) + ";Pooling=false");
        await Migrator.MigrateAsync(dataSource, CancellationToken.None);
        await EmptyDatabase.WatchAsync(dataSource);
        return Template;
    }

    private static async Task GiveBackAsync(string name)
    {
        if (await EmptyDatabase.TryAsync(await ConnectionStringAsync(name)))
        {
            Emptied.Add(name);
        }
        else
        {
            await ExecuteAsync($"drop database {name} with (force)");
        }
    }

    // What test processes left behind that were killed: their server is taken over, and stopped.
    private static async Task RemoveLeftoversAsync()
    {
        // One process at a time cleans up; who comes meanwhile leaves it to that one.
        using var cleaning = TryLock(Path.Combine(Path.GetTempPath(), "fhirfacade-cleaning.lock"));
        if (cleaning is null)
        {
            return;
        }

        foreach (var directory in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            if (!Directory.Exists("/proc/" + Path.GetFileName(directory)[Prefix.Length..]))
            {
                if (File.Exists(Path.Combine(directory, "data", "postmaster.pid")))
                {
                    await (await PrivatePostgres.StartAsync(new(directory) { Supervised = false }, null, CancellationToken.None)).DisposeAsync();
                }

                Directory.Delete(directory, recursive: true);
            }
        }
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;    // held by another process
        }
    }

    private static async Task<string> ConnectionStringAsync(string database) =>
        new NpgsqlConnectionStringBuilder((await Cluster.Value).ConnectionString) { Database = database }.ConnectionString;

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection((await Cluster.Value).ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(null, connection) { CommandText = sql };
        await command.ExecuteNonQueryAsync();
    }
}
