using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Storage.Accounts;

/// <summary>The accounts of people.</summary>
public sealed class AccountStore(NpgsqlDataSource dataSource)
{
    private const string Columns = "id, user_name, display_name, password_hash, fhir_user, second_factor, locked_until, disabled, demo, break_glass";

    /// <summary>The account of that name, in whatever case.</summary>
    public async Task<Account?> FindAsync(string userName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userName);
        await using var command = dataSource.CreateCommand($"select {Columns} from smart_account where user_name = $1");
        command.Parameters.Add(new() { Value = Key(userName) });
        return (await ReadAsync(command, cancellationToken)).FirstOrDefault();
    }

    /// <summary>The account of that id.</summary>
    public async Task<Account?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"select {Columns} from smart_account where id = $1");
        command.Parameters.Add(new() { Value = id });
        return (await ReadAsync(command, cancellationToken)).FirstOrDefault();
    }

    /// <summary>All of them, by name.</summary>
    public async Task<IReadOnlyList<Account>> ListAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"select {Columns} from smart_account order by user_name");
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Makes an account. Its <see cref="Account.Id"/> is kept.</summary>
    /// <returns>False if the name is taken.</returns>
    public async Task<bool> AddAsync(Account account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        await using var command = dataSource.CreateCommand("""
            insert into smart_account (id, user_name, display_name, password_hash, fhir_user, demo) values ($1, $2, $3, $4, $5, $6) on conflict do nothing
            """);
        command.Parameters.Add(new() { Value = account.Id });
        command.Parameters.Add(new() { Value = Key(account.UserName) });
        command.Parameters.Add(new() { Value = account.DisplayName });
        command.Parameters.Add(new() { Value = account.PasswordHash });
        command.Parameters.Add(Text(account.FhirUser));
        command.Parameters.Add(new() { Value = account.IsDemo });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Sets what is not null; a new password also ends a lock.</summary>
    public Task ChangeAsync(Guid id, string? passwordHash, string? fhirUser, bool? disabled, CancellationToken cancellationToken) => ExecuteAsync(
        """
        update smart_account set password_hash = coalesce($2, password_hash), fhir_user = coalesce($3, fhir_user), disabled = coalesce($4, disabled),
          failures = case when $2 is null then failures else 0 end, locked_until = case when $2 is null then locked_until end where id = $1
        """,
        id, [Text(passwordHash), Text(fhirUser), new() { Value = (object?)disabled ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Boolean }], cancellationToken);

    /// <summary>Has pages call the person something else.</summary>
    public Task RenameAsync(Guid id, string displayName, CancellationToken cancellationToken) =>
        ExecuteAsync("update smart_account set display_name = $2 where id = $1", id, [Text(displayName)], cancellationToken);

    /// <summary>Sets or removes the second factor.</summary>
    public Task SetSecondFactorAsync(Guid id, byte[]? secret, CancellationToken cancellationToken) => ExecuteAsync(
        "update smart_account set second_factor = $2, last_step = 0 where id = $1",
        id, [new() { Value = (object?)secret ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea }], cancellationToken);

    /// <summary>
    /// Counts an attempt before it is judged. From the fifth on that does not succeed, the account is locked: for a minute, then twice as
    /// long each time, up to an hour.
    /// </summary>
    /// <returns>False while it is locked: the attempt does not count, and is not to be judged.</returns>
    public async Task<bool> TryAttemptAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            update smart_account set failures = failures + 1,
              locked_until = case when failures >= 4 then now() + least(interval '1 hour', interval '1 minute' * power(2, least(failures - 4, 6))) end
            where id = $1 and (locked_until is null or locked_until <= now())
            """);
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Forgets failed attempts.</summary>
    public Task SucceededAsync(Guid id, CancellationToken cancellationToken) =>
        ExecuteAsync("update smart_account set failures = 0, locked_until = null where id = $1 and (failures > 0 or locked_until is not null)", id, [], cancellationToken);

    /// <summary>Marks a time step of the second factor as used.</summary>
    /// <returns>False if it, or a later one, was used before (RFC 6238 section 5.2).</returns>
    public async Task<bool> TryUseStepAsync(Guid id, long step, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("update smart_account set last_step = $2 where id = $1 and last_step < $2");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = step });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static string Key(string userName) => userName.Trim().ToLowerInvariant();

    private async Task ExecuteAsync(string sql, Guid id, NpgsqlParameter[] others, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.AddRange(others);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<List<Account>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var accounts = new List<Account>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            accounts.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), await reader.IsDBNullAsync(4, cancellationToken) ? null : reader.GetString(4))
            {
                SecondFactor = await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetFieldValue<byte[]>(5),
                LockedUntil = await reader.IsDBNullAsync(6, cancellationToken) ? null : reader.GetFieldValue<DateTimeOffset>(6),
                IsDisabled = reader.GetBoolean(7),
                IsDemo = reader.GetBoolean(8),
                MayBreakGlass = reader.GetBoolean(9),
            });
        }

        return accounts;
    }
}
