using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Storage.Accounts;

/// <summary>The emergencies: who may claim one, which are under way, and the list of those to be looked into.</summary>
public sealed class BreakGlassStore(NpgsqlDataSource dataSource)
{
    // Whoever has lost the right, or may no longer sign in, has no emergency either.
    private const string HasRight = "exists (select from smart_account p where p.id = $1 and p.break_glass and not p.disabled)";

    /// <summary>Gives the right to an account, or takes it away; what is under way ends with it.</summary>
    public async Task SetRightAsync(Guid account, bool may, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            with ended as (update break_glass set ended_at = now() where account = $1 and not $2 and ended_at is null and expires_at > now())
            update smart_account set break_glass = $2 where id = $1
            """);
        command.Parameters.Add(new() { Value = account });
        command.Parameters.Add(new() { Value = may });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Whether the person has an emergency under way by this authorisation.</summary>
    public async Task<bool> IsUnderWayAsync(Guid account, Guid authorization, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"""
            select exists (select from break_glass where account = $1 and authorization_id = $2 and ended_at is null and expires_at > $3) and {HasRight}
            """);
        command.Parameters.Add(new() { Value = account });
        command.Parameters.Add(new() { Value = authorization });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Begins one.</summary>
    /// <returns>False if the person may not.</returns>
    public async Task<bool> BeginAsync(Guid account, string clientId, Guid authorization, string reason, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"""
            insert into break_glass (account, client_id, authorization_id, reason, started_at, expires_at) select $1, $2, $3, $4, $5, $6 where {HasRight}
            """);
        command.Parameters.Add(new() { Value = account });
        command.Parameters.Add(new() { Value = clientId });
        command.Parameters.Add(new() { Value = authorization });
        command.Parameters.Add(new() { Value = reason });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        command.Parameters.Add(new() { Value = until.UtcDateTime });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Whether somebody of a foreign issuer has an emergency under way. Whether they have the right, their token says.</summary>
    public async Task<bool> IsUnderWayAsync(ForeignPerson person, Guid authorization, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        await using var command = dataSource.CreateCommand("""
            select exists (select from break_glass where authorization_id = $1 and issuer = $2 and subject = $3 and ended_at is null and expires_at > $4)
            """);
        command.Parameters.Add(new() { Value = authorization });
        command.Parameters.Add(new() { Value = person.Issuer });
        command.Parameters.Add(new() { Value = person.Subject });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Begins one of somebody of a foreign issuer who has the right.</summary>
    public async Task BeginAsync(ForeignPerson person, string clientId, Guid authorization, string reason, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        await using var command = dataSource.CreateCommand("""
            insert into break_glass (issuer, subject, fhir_user, client_id, authorization_id, reason, started_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
            """);
        command.Parameters.Add(new() { Value = person.Issuer });
        command.Parameters.Add(new() { Value = person.Subject });
        command.Parameters.Add(new() { Value = (object?)person.FhirUser ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = clientId });
        command.Parameters.Add(new() { Value = authorization });
        command.Parameters.Add(new() { Value = reason });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        command.Parameters.Add(new() { Value = until.UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The list, newest first.</summary>
    /// <param name="all">Also those that somebody has looked into.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public async Task<IReadOnlyList<BreakGlassEvent>> ListAsync(bool all, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            select b.id, coalesce(p.user_name, b.subject), coalesce(p.fhir_user, b.fhir_user), b.client_id, b.reason, b.started_at, b.expires_at, b.ended_at, b.reviewed_at, b.reviewed_by, b.review_note
            from break_glass b left join smart_account p on p.id = b.account where $1 or b.reviewed_at is null order by b.started_at desc, b.id limit 1000
            """);
        command.Parameters.Add(new() { Value = all });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<BreakGlassEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(new(
                reader.GetGuid(0), reader.GetString(1), Text(reader, 2), reader.GetString(3), reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5), reader.GetFieldValue<DateTimeOffset>(6))
            {
                EndedAt = Time(reader, 7),
                ReviewedAt = Time(reader, 8),
                ReviewedBy = Text(reader, 9),
                ReviewNote = Text(reader, 10),
            });
        }

        return events;
    }

    /// <summary>Notes that somebody has looked into one, once.</summary>
    /// <returns>False if there is none, or somebody has before.</returns>
    public async Task<bool> ReviewAsync(Guid id, string by, string? note, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("update break_glass set reviewed_at = now(), reviewed_by = $2, review_note = $3 where id = $1 and reviewed_at is null");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = by });
        command.Parameters.Add(new() { Value = (object?)note ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
