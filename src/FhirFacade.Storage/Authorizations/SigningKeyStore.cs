using Npgsql;

namespace FhirFacade.Storage.Authorizations;

/// <summary>The keys that tokens are signed with, for all instances of the server.</summary>
public sealed class SigningKeyStore(NpgsqlDataSource dataSource)
{
    /// <summary>Every key that may have signed a token that is still good, newest first.</summary>
    public async Task<IReadOnlyList<StoredKey>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            select kid, algorithm, jwk, sealed, created_at, retired_until is not null from smart_signing_key
            where retired_until is null or retired_until > now() order by created_at desc, kid
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<StoredKey>();
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<DateTimeOffset>(4), reader.GetBoolean(5)));
        }

        return keys;
    }

    /// <summary>Adds a key.</summary>
    public async Task AddAsync(string kid, string algorithm, string jwk, byte[] @sealed, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"insert into smart_signing_key (kid, algorithm, jwk, sealed) values ($1, $2, $3, $4) returning pg_notify('{RevocationStore.Channel}', '')");
        command.Parameters.Add(new() { Value = kid });
        command.Parameters.Add(new() { Value = algorithm });
        command.Parameters.Add(new() { Value = jwk });
        command.Parameters.Add(new() { Value = @sealed });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Retires keys: they sign nothing more, and are believed for so long still, or as long as was said before if that is less. Zero ends all that they have signed.</summary>
    public async Task RetireAsync(IReadOnlyCollection<string> kids, TimeSpan believedFor, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"update smart_signing_key set retired_until = least(retired_until, now() + $2) where kid = any($1) returning pg_notify('{RevocationStore.Channel}', '')");
        command.Parameters.Add(new() { Value = kids.ToArray() });
        command.Parameters.Add(new() { Value = believedFor });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
