using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Embedded;
using Npgsql;
using Xunit;

namespace FhirFacade.Server.Tests.Embedded;

[UnsupportedOSPlatform("windows")]
public sealed class PrivatePostgresTests : IDisposable
{
    private readonly string directory = Path.Combine(Path.GetTempPath(), "fhirfacade-pg-" + Guid.NewGuid().ToString("N")[..8]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_committed_is_there_after_a_stop_and_a_start()
    {
        await using (var first = await StartAsync())
        {
            await ExecuteAsync(first, "create table t as select 1 as one");
        }

        await using var second = await StartAsync();
        Assert.Equal("1", await ScalarAsync(second, "select one::text from t"));
    }

    [Theory]
    [InlineData("data_checksums", "on")]
    [InlineData("listen_addresses", "")]
    [InlineData("fsync", "on")]
    [InlineData("synchronous_commit", "on")]
    [InlineData("server_encoding", "UTF8")]
    [InlineData("lc_collate", "C")]
    public async Task The_cluster_is_made_as_it_should_be(string setting, string value)
    {
        await using var cluster = await StartAsync();
        Assert.Equal(value, await ScalarAsync(cluster, $"select current_setting('{setting}')"));
    }

    [Theory]
    [InlineData("wal_compression")]
    [InlineData("default_toast_compression")]
    public async Task A_new_cluster_compresses_from_its_first_start_on_as_it_does_later(string setting)
    {
        object? first;
        await using (var cluster = await StartAsync())
        {
            first = await ScalarAsync(cluster, $"select current_setting('{setting}')");
        }

        await using var second = await StartAsync();
        Assert.Equal(await ScalarAsync(second, $"select current_setting('{setting}')"), first);
    }

    [Fact]
    public async Task The_server_does_not_run_as_root_and_nobody_else_can_enter_its_directory()
    {
        await using var cluster = await StartAsync();
        var owner = File.ReadLines($"/proc/{cluster.ProcessId}/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal));
        Assert.DoesNotContain("\t0", owner, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(directory, "socket")));
    }

    [Fact]
    public async Task A_server_left_over_from_a_killed_host_is_taken_over()
    {
        var killed = await StartAsync(supervised: false);
        await ExecuteAsync(killed, "create table t as select 1 as one");

        await using var next = await StartAsync();
        Assert.Equal(killed.ProcessId, next.ProcessId);
        Assert.Equal("1", await ScalarAsync(next, "select one::text from t"));
    }

    [Fact]
    public async Task A_server_that_is_killed_is_started_again_with_everything_that_was_committed()
    {
        await using var cluster = await StartAsync();
        await ExecuteAsync(cluster, "create table t as select 1 as one");
        var before = cluster.ProcessId!.Value;
        Kill(before);

        await EventuallyAsync(() => cluster.ProcessId is { } now && now != before);
        Assert.Equal("1", await EventuallyScalarAsync(cluster, "select one::text from t"));
    }

    [Fact]
    public async Task A_server_that_was_killed_together_with_its_host_is_started_by_the_next_host()
    {
        var killed = await StartAsync(supervised: false);
        await ExecuteAsync(killed, "create table t as select 1 as one");
        Kill(killed.ProcessId!.Value);

        await using var next = await StartAsync();
        Assert.Equal("1", await ScalarAsync(next, "select one::text from t"));
    }

    [Fact]
    public async Task A_note_that_names_a_process_of_somebody_else_does_not_keep_the_server_from_starting()
    {
        var killed = await StartAsync(supervised: false);
        Kill(killed.ProcessId!.Value);
        await EventuallyAsync(() => !Directory.Exists($"/proc/{killed.ProcessId}"));
        var note = Path.Combine(directory, "data", "postmaster.pid");
        var lines = await File.ReadAllLinesAsync(note, Token);
        lines[0] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllLinesAsync(note, lines, Token);

        await using var next = await StartAsync();
        Assert.Equal("1", await ScalarAsync(next, "select '1'"));
    }

    [Fact]
    public async Task A_path_that_is_too_long_for_a_socket_gets_a_short_one_elsewhere()
    {
        var deep = Path.Combine(directory, new string('d', 100));
        Directory.CreateDirectory(deep);
        await using var cluster = await PrivatePostgres.StartAsync(new(Path.Combine(deep, "pg")), null, Token);
        Assert.Equal("1", await ScalarAsync(cluster, "select '1'"));
    }

    [Fact]
    public async Task A_making_that_was_interrupted_is_begun_again()
    {
        Directory.CreateDirectory(Path.Combine(directory, "data.unfinished", "base"));
        await using var cluster = await StartAsync();
        Assert.Equal("1", await ScalarAsync(cluster, "select '1'"));
    }

    [Theory]
    [InlineData("PG_VERSION", "damaged")]
    [InlineData("global/pg_control", "pg_control")]
    [InlineData("postgresql.conf", "postgresql.conf")]
    public async Task A_damaged_data_directory_is_one_line(string missing, string named)
    {
        await (await StartAsync()).DisposeAsync();
        File.Delete(Path.Combine(directory, "data", missing));
        var refusal = await Assert.ThrowsAsync<StartupException>(() => StartAsync());
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(directory, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task A_data_directory_of_a_version_that_is_not_installed_is_one_line()
    {
        Directory.CreateDirectory(Path.Combine(directory, "data"));
        await File.WriteAllTextAsync(Path.Combine(directory, "data", "PG_VERSION"), "99\n", Token);
        var refusal = await Assert.ThrowsAsync<StartupException>(() => StartAsync());
        Assert.Contains("PostgreSQL 99", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task A_place_that_the_servers_user_cannot_reach_is_one_line()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root runs PostgreSQL as somebody else");
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var refusal = await Assert.ThrowsAsync<StartupException>(() => PrivatePostgres.StartAsync(new(Path.Combine(directory, "pg")), null, Token));
        Assert.Contains("cannot reach", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    public void Dispose()
    {
        foreach (var data in Directory.Exists(directory) ? Directory.GetFiles(directory, "postmaster.pid", SearchOption.AllDirectories) : [])
        {
            Kill(int.Parse(File.ReadLines(data).First(), CultureInfo.InvariantCulture));
        }

        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private Task<PrivatePostgres> StartAsync(bool supervised = true) =>
        PrivatePostgres.StartAsync(new(directory) { Supervised = supervised }, null, Token);

    private static void Kill(int process)
    {
        if (process != Environment.ProcessId && Directory.Exists($"/proc/{process}"))
        {
            using var found = Process.GetProcessById(process);
            found.Kill();
        }
    }

    private static async Task ExecuteAsync(PrivatePostgres cluster, string sql) => await ScalarAsync(cluster, sql);

    private static async Task<object?> ScalarAsync(PrivatePostgres cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(null, connection) { CommandText = sql };
        return await command.ExecuteScalarAsync(Token);
    }

    private static async Task<object?> EventuallyScalarAsync(PrivatePostgres cluster, string sql)
    {
        while (true)
        {
            try
            {
                return await ScalarAsync(cluster, sql);
            }
            catch (NpgsqlException)
            {
                await Task.Delay(50, Token);
            }
        }
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(50, Token);
        }
    }
}
