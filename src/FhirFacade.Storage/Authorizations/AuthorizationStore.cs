using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Storage.Authorizations;

/// <summary>Authorisations with their codes and refresh tokens; of these only SHA-256 is kept.</summary>
/// <remarks>Each code and each refresh token is taken by one statement, so that of several who present it at once only one gets anything.</remarks>
public sealed class AuthorizationStore(NpgsqlDataSource dataSource)
{
    private const string Columns = "a.id, a.client_id, a.account, a.scope, a.context::text, a.signed_in_at, a.expires_at, a.session, a.nonce";

    // Whoever may no longer sign in, and a session that is over, end what was allowed.
    private const string IsAlive = """
        a.revoked_at is null and a.expires_at > now()
        and exists (select from smart_account p where p.id = a.account and not p.disabled)
        and (a.session is null or exists (select from smart_session s where s.id = a.session and s.ended_at is null and s.expires_at > now()))
        """;

    /// <summary>Keeps an authorisation with the code that stands for it, and forgets some that are over.</summary>
    public async Task AddAsync(Authorization authorization, byte[] codeHash, string redirectUri, string challenge, TimeSpan codeLife, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(authorization);
        await using var command = dataSource.CreateCommand("""
            with old as (delete from smart_authorization where id in
                (select id from smart_authorization where expires_at < now() - interval '1 day' limit 100 for update skip locked)),
              new as (insert into smart_authorization (id, client_id, account, session, scope, context, nonce, signed_in_at, expires_at, offered)
                values ($1, $2, $3, $4, $5, $6::json, $7, $8, $9, $14) returning id)
            insert into smart_code (hash, authorization_id, redirect_uri, challenge, expires_at) select $10, id, $11, $12, now() + $13 from new
            """);
        command.Parameters.Add(new() { Value = authorization.Id });
        command.Parameters.Add(new() { Value = authorization.ClientId });
        command.Parameters.Add(new() { Value = authorization.Account });
        command.Parameters.Add(new() { Value = (object?)authorization.Session ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = authorization.Scope });
        command.Parameters.Add(new() { Value = authorization.Context });
        command.Parameters.Add(new() { Value = (object?)authorization.Nonce ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = authorization.SignedInAt.UtcDateTime });
        command.Parameters.Add(new() { Value = authorization.ExpiresAt.UtcDateTime });
        command.Parameters.Add(new() { Value = codeHash });
        command.Parameters.Add(new() { Value = redirectUri });
        command.Parameters.Add(new() { Value = challenge });
        command.Parameters.Add(new() { Value = codeLife });
        command.Parameters.Add(new() { Value = authorization.Offered });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Uses up a code.</summary>
    public async Task<CodeOutcome> RedeemAsync(byte[] codeHash, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"""
            update smart_code c set used_at = now() from smart_authorization a
            where c.hash = $1 and c.used_at is null and c.expires_at > now() and a.id = c.authorization_id and {IsAlive}
            returning {Columns}, c.redirect_uri, c.challenge
            """);
        command.Parameters.Add(new() { Value = codeHash });
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (await reader.ReadAsync(cancellationToken))
            {
                return new CodeOutcome.Redeemed(Read(reader), reader.GetString(9), reader.GetString(10));
            }
        }

        await using var replayed = dataSource.CreateCommand("select authorization_id from smart_code where hash = $1 and used_at is not null");
        replayed.Parameters.Add(new() { Value = codeHash });
        return await replayed.ExecuteScalarAsync(cancellationToken) is Guid used
            ? new CodeOutcome.Replayed(used)
            : new CodeOutcome.Unknown();
    }

    /// <summary>Keeps the first refresh token of an authorisation. Nothing if it has ended meanwhile.</summary>
    public async Task AddRefreshTokenAsync(byte[] hash, Guid authorization, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"""
            insert into smart_refresh_token (hash, authorization_id, expires_at) select $1, a.id, a.expires_at from smart_authorization a where a.id = $2 and {IsAlive}
            """);
        command.Parameters.Add(new() { Value = hash });
        command.Parameters.Add(new() { Value = authorization });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Uses up a refresh token and puts another in its place.</summary>
    public async Task<RefreshOutcome> RotateAsync(byte[] hash, string clientId, byte[] next, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"""
            with used as (update smart_refresh_token t set used_at = now() from smart_authorization a
                where t.hash = $1 and t.used_at is null and t.expires_at > now() and a.id = t.authorization_id and a.client_id = $2 and {IsAlive} returning a.id),
              new as (insert into smart_refresh_token (hash, authorization_id, expires_at) select $3, a.id, a.expires_at from smart_authorization a join used using (id))
            select {Columns} from smart_authorization a join used using (id)
            """);
        command.Parameters.Add(new() { Value = hash });
        command.Parameters.Add(new() { Value = clientId });
        command.Parameters.Add(new() { Value = next });
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (await reader.ReadAsync(cancellationToken))
            {
                return new RefreshOutcome.Rotated(Read(reader));
            }
        }

        await using var stolen = dataSource.CreateCommand("""
            select a.id from smart_refresh_token t join smart_authorization a on a.id = t.authorization_id where t.hash = $1 and (t.used_at is not null or a.client_id <> $2)
            """);
        stolen.Parameters.Add(new() { Value = hash });
        stolen.Parameters.Add(new() { Value = clientId });
        return await stolen.ExecuteScalarAsync(cancellationToken) is Guid id ? new RefreshOutcome.Stolen(id) : new RefreshOutcome.Unknown();
    }

    /// <summary>What a refresh token that is still good stands for; it stays good.</summary>
    public async Task<Authorization?> FindByRefreshTokenAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"""
            select {Columns} from smart_refresh_token t join smart_authorization a on a.id = t.authorization_id
            where t.hash = $1 and t.used_at is null and t.expires_at > now() and {IsAlive}
            """);
        command.Parameters.Add(new() { Value = hash });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>The launch context of an authorisation; null if there is none.</summary>
    public async Task<string?> ContextAsync(Guid id)
    {
        await using var command = dataSource.CreateCommand("select context::text from smart_authorization where id = $1");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteScalarAsync() as string;
    }

    /// <summary>What a person was last asked to allow a client, and what they allowed; null if they never were.</summary>
    public async Task<(string Offered, string Allowed)?> LastConsentAsync(Guid account, string clientId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("select offered, scope from smart_authorization where account = $1 and client_id = $2 order by created_at desc limit 1");
        command.Parameters.Add(new() { Value = account });
        command.Parameters.Add(new() { Value = clientId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetString(0), reader.GetString(1)) : null;
    }

    /// <summary>Ends an authorisation: none of its codes and refresh tokens is good from now on. Access tokens are for <see cref="RevocationStore"/>.</summary>
    public async Task EndAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("update smart_authorization set revoked_at = now() where id = $1 and revoked_at is null");
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>What a person has allowed and not taken back, and has not ended, by app and age.</summary>
    public async Task<IReadOnlyList<(Authorization Authorization, DateTimeOffset AllowedAt)>> ListAsync(Guid account, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"""
            select {Columns}, a.created_at from smart_authorization a where a.account = $1 and {IsAlive}
              and (exists (select from smart_refresh_token t where t.authorization_id = a.id and t.used_at is null and t.expires_at > now()) or a.created_at > now() - interval '1 hour')
            order by a.client_id, a.created_at desc
            """);
        command.Parameters.Add(new() { Value = account });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var list = new List<(Authorization, DateTimeOffset)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            list.Add((Read(reader), reader.GetFieldValue<DateTimeOffset>(9)));
        }

        return list;
    }

    /// <summary>Ends what a person has allowed an app, or all apps. Access tokens are for <see cref="RevocationStore"/>.</summary>
    /// <returns>What was ended.</returns>
    public async Task<IReadOnlyList<Guid>> EndAllAsync(Guid account, string? clientId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            update smart_authorization set revoked_at = now() where account = $1 and ($2 is null or client_id = $2) and revoked_at is null and expires_at > now() returning id
            """);
        command.Parameters.Add(new() { Value = account });
        command.Parameters.Add(new() { Value = (object?)clientId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ended = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ended.Add(reader.GetGuid(0));
        }

        return ended;
    }

    /// <summary>Ends what anybody has allowed an app.</summary>
    public async Task EndAllOfClientAsync(string clientId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("update smart_authorization set revoked_at = now() where client_id = $1 and revoked_at is null");
        command.Parameters.Add(new() { Value = clientId });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static Authorization Read(NpgsqlDataReader reader) =>
        new(reader.GetGuid(0), reader.GetString(1), reader.GetGuid(2), reader.GetString(3), reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5), reader.GetFieldValue<DateTimeOffset>(6))
        {
            Session = reader.IsDBNull(7) ? null : reader.GetFieldValue<byte[]>(7),
            Nonce = reader.IsDBNull(8) ? null : reader.GetString(8),
        };
}
