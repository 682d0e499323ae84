using Npgsql;

namespace FhirFacade.Storage.Authorizations;

/// <summary>Access tokens that end before their time. Each instance of the server keeps the list in memory, and is told of every addition.</summary>
public sealed class RevocationStore(NpgsqlDataSource dataSource)
{
    /// <summary>Where additions are announced, and changes of keys.</summary>
    internal const string Channel = "smart_change";

    /// <summary>Adds to the list: tokens of this key that were signed up to now are refused from now on.</summary>
    /// <param name="key">See the table: the kind and the id of what is revoked.</param>
    /// <param name="expires">From then on every such token has expired by itself.</param>
    /// <param name="cancellationToken">Stops the statement.</param>
    public async Task AddAsync(string key, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"""
            with old as (delete from smart_revocation where key in (select key from smart_revocation where expires_at < now() limit 100 for update skip locked) and key <> $1)
            insert into smart_revocation (key, revoked_at, expires_at) values ($1, now(), $2)
            on conflict (key) do update set revoked_at = excluded.revoked_at, expires_at = greatest(smart_revocation.expires_at, excluded.expires_at)
            returning pg_notify('{Channel}', '')
            """);
        command.Parameters.Add(new() { Value = key });
        command.Parameters.Add(new() { Value = expires.UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The whole list.</summary>
    public async Task<IReadOnlyList<(string Key, DateTimeOffset RevokedAt, DateTimeOffset Expires)>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("select key, revoked_at, expires_at from smart_revocation where expires_at > now()");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var list = new List<(string, DateTimeOffset, DateTimeOffset)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            list.Add((reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<DateTimeOffset>(2)));
        }

        return list;
    }

    /// <summary>Calls back once it listens, and then each time when something has been added, until it is cancelled or the connection is lost.</summary>
    /// <exception cref="NpgsqlException">The connection is lost.</exception>
    public async Task ListenAsync(Func<Task> changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
            {
                await listen.ExecuteNonQueryAsync(cancellationToken);
            }

            await changed();
            while (true)
            {
                await connection.WaitAsync(cancellationToken);
                await changed();
            }
        }
        finally
        {
            // The pool does not reset connections: this one goes back deaf, or not at all.
            if (connection.FullState == System.Data.ConnectionState.Open)
            {
                await using var deaf = new NpgsqlCommand($"unlisten {Channel}", connection);
                await deaf.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }
}
