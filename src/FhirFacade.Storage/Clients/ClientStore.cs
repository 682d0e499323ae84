using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Storage.Clients;

/// <summary>The registered clients.</summary>
public sealed class ClientStore(NpgsqlDataSource dataSource)
{
    private const string Columns = "id, name, kind, scope, redirect_uris, launch_url, secret_hash, jwks, jwks_url, origin, disabled";

    /// <summary>The client of that id.</summary>
    public async Task<RegisteredClient?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"select {Columns} from smart_client where id = $1");
        command.Parameters.Add(new() { Value = id });
        return (await ReadAsync(command, cancellationToken)).FirstOrDefault();
    }

    /// <summary>All of them, by id.</summary>
    public async Task<IReadOnlyList<RegisteredClient>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"select {Columns} from smart_client order by id");
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Registers a client.</summary>
    /// <returns>False if the id is taken.</returns>
    public async Task<bool> AddAsync(RegisteredClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        await using var command = dataSource.CreateCommand($"insert into smart_client ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing");
        command.Parameters.Add(new() { Value = client.Id });
        command.Parameters.Add(new() { Value = client.Name });
        command.Parameters.Add(new() { Value = client.Kind.ToString().ToLowerInvariant() });
        command.Parameters.Add(new() { Value = client.Scope });
        command.Parameters.Add(new() { Value = client.RedirectUris.ToArray() });
        command.Parameters.Add(Optional(client.LaunchUrl, NpgsqlDbType.Text));
        command.Parameters.Add(Optional(client.SecretHash, NpgsqlDbType.Bytea));
        command.Parameters.Add(Optional(client.Jwks, NpgsqlDbType.Text));
        command.Parameters.Add(Optional(client.JwksUrl, NpgsqlDbType.Text));
        command.Parameters.Add(new() { Value = client.IsSelfRegistered ? "registration" : "command" });
        command.Parameters.Add(new() { Value = client.IsDisabled });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Changes what a client is called, may have, and is reached by; its kind, its secret and whether it is closed stay.</summary>
    public async Task ChangeAsync(RegisteredClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        await using var command = dataSource.CreateCommand("update smart_client set name = $2, scope = $3, redirect_uris = $4, launch_url = $5, jwks = $6, jwks_url = $7 where id = $1");
        command.Parameters.Add(new() { Value = client.Id });
        command.Parameters.Add(new() { Value = client.Name });
        command.Parameters.Add(new() { Value = client.Scope });
        command.Parameters.Add(new() { Value = client.RedirectUris.ToArray() });
        command.Parameters.Add(Optional(client.LaunchUrl, NpgsqlDbType.Text));
        command.Parameters.Add(Optional(client.Jwks, NpgsqlDbType.Text));
        command.Parameters.Add(Optional(client.JwksUrl, NpgsqlDbType.Text));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Closes or opens a client.</summary>
    /// <returns>False if there is no such client.</returns>
    public async Task<bool> SetDisabledAsync(string id, bool disabled, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("update smart_client set disabled = $2 where id = $1");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = disabled });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Gives a client another secret, if it has one.</summary>
    /// <returns>False if there is no such client, or it has no secret.</returns>
    public async Task<bool> SetSecretAsync(string id, byte[] hash, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("update smart_client set secret_hash = $2 where id = $1 and secret_hash is not null");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = hash });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static NpgsqlParameter Optional(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static async Task<List<RegisteredClient>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var clients = new List<RegisteredClient>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            clients.Add(new(reader.GetString(0), reader.GetString(1), Enum.Parse<ClientKind>(reader.GetString(2), ignoreCase: true), reader.GetString(3))
            {
                RedirectUris = [.. reader.GetFieldValue<string[]>(4)],
                LaunchUrl = reader.IsDBNull(5) ? null : reader.GetString(5),
                SecretHash = reader.IsDBNull(6) ? null : reader.GetFieldValue<byte[]>(6),
                Jwks = reader.IsDBNull(7) ? null : reader.GetString(7),
                JwksUrl = reader.IsDBNull(8) ? null : reader.GetString(8),
                IsSelfRegistered = reader.GetString(9) == "registration",
                IsDisabled = reader.GetBoolean(10),
            });
        }

        return clients;
    }
}
