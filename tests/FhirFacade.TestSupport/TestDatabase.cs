using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.TestSupport;

/// <summary>A database for one test.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly Func<Task> drop;

    internal TestDatabase(string connectionString, Func<Task> drop)
    {
        ConnectionString = connectionString;
        DataSource = DataSources.Create(connectionString);
        KeyReads = DataSources.CreateForKeys(connectionString);
        this.drop = drop;
    }

    /// <summary>Opens it as its owner.</summary>
    public string ConnectionString { get; }

    /// <summary>A pool like the server's.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>A pool like the server's for what is planned once.</summary>
    public NpgsqlDataSource KeyReads { get; }

    /// <summary>Runs a statement with positional values.</summary>
    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row.</summary>
    public async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KeyReads.DisposeAsync();
        await DataSource.DisposeAsync();
        await drop();
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = DataSource.CreateCommand();
        command.CommandText = sql;
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
