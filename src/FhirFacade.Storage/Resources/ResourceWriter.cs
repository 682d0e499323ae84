using System.Data;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Json;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Index;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// Writes one resource for a client. The grant is checked on the stored row and on the row that was written, both inside the
/// transaction: nothing is kept that the grant does not open.
/// </summary>
public sealed class ResourceWriter(NpgsqlDataSource dataSource, TimeProvider clock)
{
    // A writer loses a race only to one that wrote; so many in a row mean that something else is wrong.
    private const int Races = 100;

    /// <summary>Creates a resource under an id of the server's choice.</summary>
    /// <param name="type">Resource type.</param>
    /// <param name="content">A valid resource; an id in it is replaced.</param>
    /// <param name="grant">Needs create.</param>
    /// <param name="cancellationToken">Stops before the commit.</param>
    /// <returns>Created or Forbidden.</returns>
    public Task<WriteOutcome> CreateAsync(string type, JsonElement content, AccessGrant grant, CancellationToken cancellationToken) =>
        InTransactionAsync(type, grant, Interactions.Create, (connection, access) =>
            PutAsync(connection, type, Guid.CreateVersion7().ToString(), content, null, access, "POST", cancellationToken), cancellationToken);

    /// <summary>Makes this the current content; creates the resource if it does not exist.</summary>
    /// <param name="type">Resource type.</param>
    /// <param name="id">A valid logical id.</param>
    /// <param name="content">A valid resource.</param>
    /// <param name="ifMatch">The version that has to be current; null for any.</param>
    /// <param name="grant">Needs update.</param>
    /// <param name="cancellationToken">Stops before the commit.</param>
    /// <returns>Created, Updated, Unchanged, Conflict or Forbidden.</returns>
    public Task<WriteOutcome> UpdateAsync(string type, string id, JsonElement content, int? ifMatch, AccessGrant grant, CancellationToken cancellationToken) =>
        InTransactionAsync(type, grant, Interactions.Update, (connection, access) =>
            PutAsync(connection, type, id, content, ifMatch, access, "PUT", cancellationToken), cancellationToken);

    /// <summary>Deletes a resource; its history stays.</summary>
    /// <param name="type">Resource type.</param>
    /// <param name="id">Logical id.</param>
    /// <param name="ifMatch">The version that has to be current; null for any.</param>
    /// <param name="grant">Needs delete.</param>
    /// <param name="cancellationToken">Stops before the commit.</param>
    /// <returns>Deleted, Conflict, NotFound or Forbidden.</returns>
    public Task<WriteOutcome> DeleteAsync(string type, string id, int? ifMatch, AccessGrant grant, CancellationToken cancellationToken) =>
        InTransactionAsync(type, grant, Interactions.Delete, (connection, access) =>
            DeleteAsync(connection, type, id, ifMatch, access, cancellationToken), cancellationToken);

    private async Task<WriteOutcome> InTransactionAsync(
        string type, AccessGrant grant, Interactions needed, Func<NpgsqlConnection, WriteAccess, Task<WriteOutcome>> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grant);
        if (!ResourceTables.Has(type) || grant.For(type, needed) is TypeAccess.Denied)
        {
            return new WriteOutcome.Forbidden();
        }

        var access = new WriteAccess(grant, needed);
        for (var race = 1; ; race++)
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            try
            {
                var outcome = await write(connection, access);
                if (outcome is WriteOutcome.Created or WriteOutcome.Updated or WriteOutcome.Deleted)
                {
                    await transaction.CommitAsync(cancellationToken);
                }

                return outcome;
            }
            catch (Exception exception) when (race < Races && DatabaseTrouble.IsConflict(exception))
            {
                await transaction.RollbackAsync(cancellationToken);
            }
        }
    }

    private async Task<WriteOutcome> PutAsync(
        NpgsqlConnection connection, string type, string id, JsonElement content, int? ifMatch, WriteAccess access, string method, CancellationToken cancellationToken)
    {
        var locked = await LockAsync(connection, type, id, access, cancellationToken);
        if (locked is { Visible: false })
        {
            return new WriteOutcome.Forbidden();
        }

        if (ifMatch is not null && ifMatch != locked?.Version)
        {
            return new WriteOutcome.Conflict();
        }

        var row = (await StoredRows.LoadAsync(connection, [(type, id, true)], cancellationToken))[(type, id)];
        if (locked is null && row.Exists)
        {
            throw new ConcurrentWriteException();
        }

        // An id lives on in what refers to it: nobody takes over one that was somebody else's.
        if (!row.Exists && row.Version > 0 && await DeletedBeforeAsync(connection, type, id, access, cancellationToken) is WriteOutcome.NotFound)
        {
            return new WriteOutcome.Forbidden();
        }

        var hash = ResourceContent.Hash(content);
        if (row.Exists && hash.AsSpan().SequenceEqual(row.Hash))
        {
            return new WriteOutcome.Unchanged(new(type, id, row.Version, row.LastUpdated, row.Doc));
        }

        var version = NewVersion.After(row, content, hash, method, null, clock.GetUtcNow());
        string[] patients = version.PatientId is { } patient ? [patient] : [];
        await VersionWriter.WriteAsync(connection, [version], await PatientKeys.ForAsync(connection, patients, cancellationToken), cancellationToken);
        return await LockAsync(connection, type, id, access, cancellationToken) is not { Visible: true } ? new WriteOutcome.Forbidden()
            : row.Exists ? new WriteOutcome.Updated(version.AsResource())
            : new WriteOutcome.Created(version.AsResource());
    }

    private async Task<WriteOutcome> DeleteAsync(
        NpgsqlConnection connection, string type, string id, int? ifMatch, WriteAccess access, CancellationToken cancellationToken)
    {
        var locked = await LockAsync(connection, type, id, access, cancellationToken);
        if (locked is null)
        {
            return await DeletedBeforeAsync(connection, type, id, access, cancellationToken);
        }

        if (!locked.Visible)
        {
            return new WriteOutcome.NotFound();
        }

        if (ifMatch is not null && ifMatch != locked.Version)
        {
            return new WriteOutcome.Conflict();
        }

        var lastUpdated = NewVersion.Later(clock.GetUtcNow(), locked.LastUpdated);
        var table = ResourceTables.NameOf(type);
        await using var command = new NpgsqlCommand(
            $"""
            with old as (delete from {table} where id = $1 returning *),
            ranges as (delete from {ResourceTables.RangesOf(type)} where rid in (select rid from old)),
            texts as (delete from {ResourceTables.TextsOf(type)} where rid in (select rid from old)){(Postings.Has(type) ? $",\npostings as (delete from {ResourceTables.PostingsOf(type)} where rid in (select rid from old))" : "")}
            insert into history (type, id, version, last_updated, patient, terms, deleted, method, source, doc)
            select $2, id, version, last_updated, patient, terms, false, method, source, doc from old
            union all
            select $2, id, version + 1, $3, patient, terms, true, 'DELETE', null, null from old
            """,
            connection)
        {
            Parameters = { new() { Value = id }, new() { Value = type }, new() { Value = lastUpdated } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new WriteOutcome.Deleted(locked.Version + 1, lastUpdated);
    }

    private static async Task<WriteOutcome> DeletedBeforeAsync(NpgsqlConnection connection, string type, string id, WriteAccess access, CancellationToken cancellationToken)
    {
        var sql = new SqlStatement().Sql("select h.version, h.last_updated from (select * from history where type = ").Value(type)
            .Sql(" and id = ").Value(id).Sql(" order by version desc limit 1) h where h.deleted and ");
        GrantSql.AppendHistory(sql, access.Grant, type, access.Needed, "h");
        await using var command = sql.ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new WriteOutcome.Deleted(reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1))
            : new WriteOutcome.NotFound();
    }

    // Null if there is no current version. Whoever has the lock decides on what the one before has committed.
    private static async Task<LockedRow?> LockAsync(NpgsqlConnection connection, string type, string id, WriteAccess access, CancellationToken cancellationToken)
    {
        var sql = new SqlStatement().Sql("select t.version, t.last_updated, ");
        GrantSql.AppendCurrent(sql, access.Grant, type, access.Needed, "t");
        sql.Sql(" from ").Table(type).Sql(" t where t.id = ").Value(id).Sql(" for update of t");
        await using var command = sql.ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1), !await reader.IsDBNullAsync(2, cancellationToken) && reader.GetBoolean(2))
            : null;
    }

    private sealed record WriteAccess(AccessGrant Grant, Interactions Needed);

    private sealed record LockedRow(int Version, DateTimeOffset LastUpdated, bool Visible);
}
