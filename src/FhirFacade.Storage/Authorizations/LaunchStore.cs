using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Storage.Authorizations;

/// <summary>Launches that wait for their app (SMART App Launch 2.2, EHR launch); of what names them only SHA-256 is kept.</summary>
public sealed class LaunchStore(NpgsqlDataSource dataSource)
{
    /// <summary>Keeps a launch, and forgets some that are over.</summary>
    /// <param name="hash">SHA-256 of the value of <c>launch</c>.</param>
    /// <param name="clientId">The app that it is for.</param>
    /// <param name="fhirUser">The only person who may take it up; null: whoever signs in.</param>
    /// <param name="context">The launch context, a JSON object.</param>
    /// <param name="life">How long it waits.</param>
    /// <param name="cancellationToken">Stops the statement.</param>
    public async Task AddAsync(byte[] hash, string clientId, string? fhirUser, string context, TimeSpan life, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            with old as (delete from smart_launch where hash in (select hash from smart_launch where expires_at < now() limit 100 for update skip locked))
            insert into smart_launch (hash, client_id, fhir_user, context, expires_at) values ($1, $2, $3, $4::json, now() + $5)
            """);
        command.Parameters.Add(new() { Value = hash });
        command.Parameters.Add(new() { Value = clientId });
        command.Parameters.Add(new() { Value = (object?)fhirUser ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = context });
        command.Parameters.Add(new() { Value = life });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Looks at a launch of the client that has not been taken up.</summary>
    public Task<(string Context, string? FhirUser)?> FindAsync(byte[] hash, string clientId, CancellationToken cancellationToken) =>
        ReadAsync("select context::text, fhir_user from smart_launch where hash = $1 and client_id = $2 and used_at is null and expires_at > now()", hash, clientId, cancellationToken);

    /// <summary>Takes up a launch: nobody else can from now on.</summary>
    public async Task<bool> TryUseAsync(byte[] hash, string clientId, CancellationToken cancellationToken) =>
        await ReadAsync(
            "update smart_launch set used_at = now() where hash = $1 and client_id = $2 and used_at is null and expires_at > now() returning context::text, fhir_user",
            hash, clientId, cancellationToken) is not null;

    private async Task<(string Context, string? FhirUser)?> ReadAsync(string sql, byte[] hash, string clientId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.Add(new() { Value = hash });
        command.Parameters.Add(new() { Value = clientId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1)) : null;
    }
}
