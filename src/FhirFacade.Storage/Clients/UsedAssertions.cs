using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace FhirFacade.Storage.Clients;

/// <summary>The client assertions that have been used: each is good once, at whatever instance of the server (RFC 7523 section 3, jti).</summary>
public sealed class UsedAssertions(NpgsqlDataSource dataSource)
{
    /// <summary>Marks the assertion as used.</summary>
    /// <param name="clientId">Who signed it.</param>
    /// <param name="jti">Its <c>jti</c>.</param>
    /// <param name="expires">From then on it is refused for its age and need not be remembered.</param>
    /// <param name="cancellationToken">Stops the statement.</param>
    /// <returns>False when it has been used before.</returns>
    public async Task<bool> TryUseAsync(string clientId, string jti, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            with old as (delete from used_assertion where (client_id, jti) in
                (select client_id, jti from used_assertion where expires_at < now() limit 100 for update skip locked))
            insert into used_assertion (client_id, jti, expires_at) values ($1, $2, $3) on conflict do nothing
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = clientId });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = SHA256.HashData(Encoding.UTF8.GetBytes(jti)) });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = expires.UtcDateTime });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
