using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Plan;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// One transaction of a client: what it claims, finds, writes and reads, in that order. The work may be done more than once, each time
/// in a new session, if others were in its way.
/// </summary>
public sealed class WriteSession
{
    // Keeps these locks apart from any others that somebody takes in the database.
    private const int ClaimSpace = 0x4668_4366;

    private readonly NpgsqlConnection connection;
    private readonly AccessGrant grant;
    private readonly TimeProvider clock;
    private readonly EarlierWrites before = new();

    internal WriteSession(NpgsqlConnection connection, AccessGrant grant, TimeProvider clock) =>
        (this.connection, this.grant, this.clock) = (connection, grant, clock);

    /// <summary>
    /// Waits until no other transaction, on any instance of the server, works on any of these conditions, and keeps others waiting
    /// until this one ends: what is then found by a condition stays what is found by it for all who claim it.
    /// </summary>
    /// <param name="conditions">Texts that say the same where the conditions are the same. To be claimed before anything is written.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task ClaimAsync(IEnumerable<string> conditions, CancellationToken cancellationToken)
    {
        // In one order for all, so that two transactions cannot wait for each other.
        int[] keys = [.. conditions.Select(KeyOf).Distinct().Order()];
        if (keys.Length > 0)
        {
            await using var command = new NpgsqlCommand("select pg_advisory_xact_lock($1, key) from (select key from unnest($2) key order by key) k", connection)
            {
                Parameters = { new() { Value = ClaimSpace }, new() { Value = keys } },
            };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>What a search finds now, with what this session wrote. The plan has the grant inside it.</summary>
    public async Task<SearchPage> FindAsync(SearchPlan plan, CancellationToken cancellationToken)
    {
        await before.Texts.WriteAsync(connection, cancellationToken);
        return await SearchExecutor.ExecuteAsync(plan, new AccessPath.All(), connection, cancellationToken);
    }

    /// <summary>The current version of a resource, as this session left it.</summary>
    public ValueTask<ReadOutcome> ReadAsync(string type, string id, CancellationToken cancellationToken) =>
        ResourceReader.ReadAsync(connection, type, id, grant, cancellationToken);

    /// <summary>What each write did, in their order; at most one of a resource. Once one fails the rest is null, and nothing is kept of the session.</summary>
    public Task<ImmutableArray<WriteOutcome?>> WriteAsync(IReadOnlyList<ResourceWrite> writes, CancellationToken cancellationToken) =>
        WriteAsync(writes, withDocuments: true, cancellationToken);

    /// <summary>The same; without documents, what was created or updated comes back without its content, which then need not be in memory as a whole.</summary>
    public async Task<ImmutableArray<WriteOutcome?>> WriteAsync(IReadOnlyList<ResourceWrite> writes, bool withDocuments, CancellationToken cancellationToken)
    {
        var outcomes = await new ClientWrites(connection, grant, clock.GetUtcNow(), withDocuments, before).ApplyAsync(writes, cancellationToken);
        HasFailed |= outcomes.Any(outcome => outcome is null or { IsFailure: true });
        HasWritten |= outcomes.Any(outcome => outcome is WriteOutcome.Created or WriteOutcome.Updated or WriteOutcome.Deleted);
        HasWrittenParameters |= HasWritten && writes.Any(write => write.Type == "SearchParameter");
        return outcomes;
    }

    /// <summary>What a single write did.</summary>
    public async Task<WriteOutcome> WriteAsync(ResourceWrite write, CancellationToken cancellationToken) =>
        (await WriteAsync([write], cancellationToken))[0]!;

    /// <summary>Keeps nothing of what was written, and of what will be.</summary>
    public void Fail() => HasFailed = true;

    /// <summary>Writes what was left for the end. The transaction is to be committed at once.</summary>
    internal Task CompleteAsync(CancellationToken cancellationToken) => before.Texts.WriteAsync(connection, cancellationToken);

    // Two conditions with one key merely wait for each other.
    private static int KeyOf(string condition) => BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(condition)));

    internal bool HasFailed { get; private set; }

    internal bool HasWritten { get; private set; }

    internal bool HasWrittenParameters { get; private set; }
}
