using Npgsql;

namespace FhirFacade.Storage.Accounts;

/// <summary>The sessions of browsers. One ends after half an hour without use, and after a working day in any case.</summary>
public sealed class SessionStore(NpgsqlDataSource dataSource)
{
    /// <summary>How long a session lives at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(8);

    /// <summary>How long it lives without use.</summary>
    public static readonly TimeSpan LongestIdle = TimeSpan.FromMinutes(30);

    /// <summary>Starts a session, and forgets some that are over.</summary>
    public async Task StartAsync(byte[] id, Guid account, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            with old as (delete from smart_session where id in (select id from smart_session where expires_at < now() - interval '1 day' limit 100 for update skip locked))
            insert into smart_session (id, account, expires_at) values ($1, $2, now() + $3)
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = account });
        command.Parameters.Add(new() { Value = Longest });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The session, if it is still on; looking at it counts as use.</summary>
    public async Task<Session?> FindAsync(byte[] id, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            update smart_session set last_seen_at = now()
            where id = $1 and ended_at is null and expires_at > now() and last_seen_at > now() - $2 returning account, signed_in_at
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = LongestIdle });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(id, reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1)) : null;
    }

    /// <summary>Ends a session, and with it what an app may do only as long as it lasts.</summary>
    public Task EndAsync(byte[] id, CancellationToken cancellationToken) => EndAsync("id = $1", id, cancellationToken);

    /// <summary>Ends all sessions of an account.</summary>
    public Task EndAllAsync(Guid account, CancellationToken cancellationToken) => EndAsync("account = $1", account, cancellationToken);

    private async Task EndAsync(string which, object value, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"update smart_session set ended_at = now() where {which} and ended_at is null");
        command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
