using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Reindex;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// Writes resources for a client. The grant is checked on the stored row and on the row that was written, both inside the
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
        WriteAsync(ResourceWrite.Create.New(type, content), grant, cancellationToken);

    /// <summary>Makes this the current content; creates the resource if it does not exist.</summary>
    /// <param name="type">Resource type.</param>
    /// <param name="id">A valid logical id.</param>
    /// <param name="content">A valid resource.</param>
    /// <param name="ifMatch">The version that has to be current; null for any.</param>
    /// <param name="grant">Needs update.</param>
    /// <param name="cancellationToken">Stops before the commit.</param>
    /// <returns>Created, Updated, Unchanged, Conflict, Forbidden, or NotFound for what the grant does not open or let create.</returns>
    public Task<WriteOutcome> UpdateAsync(string type, string id, JsonElement content, int? ifMatch, AccessGrant grant, CancellationToken cancellationToken) =>
        WriteAsync(new ResourceWrite.Put(type, id, content, ifMatch), grant, cancellationToken);

    /// <summary>Deletes a resource; its history stays.</summary>
    /// <param name="type">Resource type.</param>
    /// <param name="id">Logical id.</param>
    /// <param name="ifMatch">The version that has to be current; null for any.</param>
    /// <param name="grant">Needs delete.</param>
    /// <param name="cancellationToken">Stops before the commit.</param>
    /// <returns>Deleted, Conflict, NotFound or Forbidden.</returns>
    public Task<WriteOutcome> DeleteAsync(string type, string id, int? ifMatch, AccessGrant grant, CancellationToken cancellationToken) =>
        WriteAsync(new ResourceWrite.Delete(type, id, ifMatch), grant, cancellationToken);

    /// <summary>Carries out one write.</summary>
    public Task<WriteOutcome> WriteAsync(ResourceWrite write, AccessGrant grant, CancellationToken cancellationToken) =>
        InTransactionAsync(grant, session => session.WriteAsync(write, cancellationToken), cancellationToken);

    /// <summary>
    /// Does the work in one transaction, and commits it unless a write of it failed. If others were in its way it is rolled back and done again,
    /// so it may not keep anything of the time before.
    /// </summary>
    /// <param name="grant">What every step of it is held to.</param>
    /// <param name="work">The steps.</param>
    /// <param name="cancellationToken">Stops before the commit.</param>
    public async Task<T> InTransactionAsync<T>(AccessGrant grant, Func<WriteSession, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grant);
        ArgumentNullException.ThrowIfNull(work);
        for (var race = 1; ; race++)
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            try
            {
                var session = new WriteSession(connection, grant, clock);
                var result = await work(session);
                if (session is { HasFailed: false, HasWritten: true })
                {
                    await session.CompleteAsync(cancellationToken);
                    await transaction.CommitAsync(cancellationToken);
                    if (session.HasWrittenParameters)
                    {
                        await SiteParameters.RefreshAsync(connection, cancellationToken);
                    }
                }

                return result;
            }
            catch (StaleIndexException) when (race < Races)
            {
                await transaction.RollbackAsync(cancellationToken);
                await SiteParameters.RefreshAsync(connection, cancellationToken);
            }
            catch (Exception exception) when (race < Races && DatabaseTrouble.IsConflict(exception))
            {
                await transaction.RollbackAsync(cancellationToken);
            }
        }
    }
}
