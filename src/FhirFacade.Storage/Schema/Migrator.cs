using FhirFacade.Storage.Consents;
using FhirFacade.Storage.Search.Reindex;
using Npgsql;

namespace FhirFacade.Storage.Schema;

/// <summary>Brings a database up to this build's schema. Several servers may start at once: one works, the others wait.</summary>
public static class Migrator
{
    // Any number that nobody else in the database takes a lock on.
    private const long LockKey = 0x4668_6972_4661_6361;

    // Each table takes a dozen locks until its transaction ends; this many fit the lock table of the smallest server.
    private const int TablesPerTransaction = 25;

    /// <summary>Applies the migrations that are missing, then creates the tables of resource types that have none.</summary>
    /// <exception cref="NpgsqlException">The database is not reachable, or refuses.</exception>
    public static async Task MigrateAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, "set statement_timeout = 0; set client_min_messages = warning", cancellationToken);
        await ExecuteAsync(connection, $"select pg_advisory_lock({LockKey})", cancellationToken);
        try
        {
            await ApplyMigrationsAsync(connection, cancellationToken);
            await CreateMissingTablesAsync(connection, cancellationToken);
            await ExecuteAsync(connection, "select watch_label_value_sets()", cancellationToken);
            await ConsentReading.EnsureAsync(connection, cancellationToken);
        }
        finally
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({LockKey}); reset statement_timeout; reset client_min_messages", CancellationToken.None);
        }
    }

    private static async Task ApplyMigrationsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection,
            "create table if not exists schema_migration (number int primary key, name text not null, applied_at timestamptz not null default now())",
            cancellationToken);
        var applied = await ReadAsync<int>(connection, "select number from schema_migration", cancellationToken);
        foreach (var migration in Migration.All.Where(migration => !applied.Contains(migration.Number)))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, migration.Sql, cancellationToken);
            await using var record = new NpgsqlCommand("insert into schema_migration (number, name) values ($1, $2)", connection)
            {
                Parameters = { new() { Value = migration.Number }, new() { Value = migration.Name } },
            };
            await record.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private static async Task CreateMissingTablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var existing = await ReadAsync<string>(connection, "select tablename::text from pg_tables where schemaname = 'r'", cancellationToken);
        var missing = ResourceTables.Types.Where(type => !existing.Contains(type.ToLowerInvariant())).Order(StringComparer.Ordinal);
        foreach (var types in missing.Chunk(TablesPerTransaction))
        {
            await using var create = new NpgsqlCommand("select create_resource_table(type) from unnest($1) as type", connection)
            {
                Parameters = { new() { Value = types } },
            };
            await create.ExecuteNonQueryAsync(cancellationToken);
            await IndexTypes.RecordAsync(connection, types, cancellationToken);
        }
    }

    private static async Task<HashSet<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var values = new HashSet<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            values.Add(reader.GetFieldValue<T>(0));
        }

        return values;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
