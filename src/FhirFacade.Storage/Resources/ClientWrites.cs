using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// Carries out what a client asks to write, all of it inside one transaction: lock, decide, write, look again. The grant is
/// checked on the rows before and on the rows after.
/// </summary>
/// <param name="connection">With a transaction under way.</param>
/// <param name="grant">What the client may do.</param>
/// <param name="now">When.</param>
/// <param name="withDocuments">Whether the outcomes are to have the content of what was written.</param>
/// <param name="before">What the same transaction has written before, and leaves for its end.</param>
internal sealed class ClientWrites(NpgsqlConnection connection, AccessGrant grant, DateTimeOffset now, bool withDocuments, EarlierWrites before)
{
    private readonly List<NewVersion> versions = [];
    private readonly List<(StoredRow Row, DateTimeOffset At)> deletions = [];

    /// <summary>What each write did, in their order. Once one of them fails nothing may be committed, and the rest is null.</summary>
    /// <exception cref="ConcurrentWriteException">Somebody else was there: roll back, do it again.</exception>
    public async Task<ImmutableArray<WriteOutcome?>> ApplyAsync(IReadOnlyList<ResourceWrite> writes, CancellationToken cancellationToken)
    {
        var outcomes = new WriteOutcome?[writes.Count];
        var asked = writes.Where(write => write is not ResourceWrite.Create).ToList();
        var locked = await LockedRows.LoadAsync(connection, asked, grant, cancellationToken);
        var absent = asked.Where(write => !locked.ContainsKey((write.Type, write.Id))).Select(write => (write.Type, write.Id, false));
        var past = await StoredRows.LoadAsync(connection, absent, cancellationToken);
        for (var i = 0; i < writes.Count; i++)
        {
            var write = writes[i];
            outcomes[i] = grant.For(write.Type, write.Needed, Enforcement.All) is TypeAccess.Denied || !ResourceTables.Has(write.Type)
                ? new WriteOutcome.Forbidden()
                : await DecideAsync(write, locked.GetValueOrDefault((write.Type, write.Id)), past.GetValueOrDefault((write.Type, write.Id)), cancellationToken);
            if (outcomes[i]!.IsFailure)
            {
                return [.. outcomes];
            }
        }

        await Deletions.WriteAsync(connection, deletions, cancellationToken);
        var labelled = await new SharedLabels(connection, now, before.Referrers).ApplyAsync(versions, 0, cancellationToken);
        Renew(outcomes, writes, labelled);
        var keys = await PatientKeys.ForAsync(connection, labelled.Select(version => version.PatientId).OfType<string>(), cancellationToken);
        await VersionWriter.WriteAsync(connection, labelled, keys, before.Texts, cancellationToken);
        return await RefuseClosedAsync(writes, outcomes, cancellationToken);
    }

    // What is answered is what is stored, with the labels of what it refers to.
    private void Renew(WriteOutcome?[] outcomes, IReadOnlyList<ResourceWrite> writes, List<NewVersion> labelled)
    {
        var changed = labelled.Take(versions.Count).Where((version, i) => version != versions[i]).ToDictionary(version => (version.Type, version.Id));
        for (var i = 0; changed.Count > 0 && i < outcomes.Length; i++)
        {
            if (changed.TryGetValue((writes[i].Type, writes[i].Id), out var version))
            {
                outcomes[i] = outcomes[i] is WriteOutcome.Created ? new WriteOutcome.Created(version.AsResource(withDocuments)) { PatientId = version.PatientId } : new WriteOutcome.Updated(version.AsResource(withDocuments)) { PatientId = version.PatientId };
            }
        }
    }

    private async Task<WriteOutcome> DecideAsync(ResourceWrite write, LockedRow? locked, StoredRow? past, CancellationToken cancellationToken)
    {
        if (past is { Exists: true })
        {
            throw new ConcurrentWriteException();
        }

        if (write is ResourceWrite.Create create)
        {
            return Write(new StoredRow(write.Type, write.Id, false, 0, DateTimeOffset.MinValue, null, null), create.Image, "POST");
        }

        if (locked is { IsOpen: false })
        {
            return write is ResourceWrite.Delete ? Nothing(write) : new WriteOutcome.NotFound();
        }

        return locked is null ? await WithoutCurrentAsync(write, past!, cancellationToken)
            : write.IfMatch is { } expected && expected != locked.Row.Version ? new WriteOutcome.Conflict()
            : write switch
            {
                ResourceWrite.Put put => Write(locked.Row, put.Image, "PUT"),
                ResourceWrite.Change change => change.Apply(JsonElement.Parse(locked.Row.Doc!)) switch
                {
                    { Content: { } content } => Write(locked.Row, ResourceImage.Of(write.Type, write.Id, content), "PATCH"),
                    { Issues: var issues } => new WriteOutcome.Invalid(issues),
                },
                _ => Delete(locked.Row),
            };
    }

    // Whoever sees only part of a type may not choose ids: whether one is taken would show. (That consents close some resources is no reason to keep everybody from it.) And an id lives on in what refers to it:
    // nobody takes over one that was somebody else's.
    private async Task<WriteOutcome> WithoutCurrentAsync(ResourceWrite write, StoredRow past, CancellationToken cancellationToken)
    {
        var seesAll = (grant with { Consent = ConsentMode.Off }).For(write.Type, write.Needed, Enforcement.All) is TypeAccess.Everything;
        var deletion = past.Version > 0 ? await Deletions.FindAsync(connection, write.Type, write.Id, grant, write.Needed, cancellationToken) : null;
        return write switch
        {
            ResourceWrite.Put when !seesAll && deletion is null => new WriteOutcome.NotFound(),
            ResourceWrite.Put { IfMatch: > 0 } => new WriteOutcome.Conflict(),
            ResourceWrite.Put { MayCreate: false } => new WriteOutcome.NotFound(),
            ResourceWrite.Put put => Write(past, put.Image, "PUT"),
            ResourceWrite.Delete when deletion is not null => deletion,
            ResourceWrite.Delete => Nothing(write),
            _ => new WriteOutcome.NotFound(),
        };
    }

    private static WriteOutcome Nothing(ResourceWrite deletion) =>
        deletion.IfMatch is null ? new WriteOutcome.NotFound(IsFailed: false) : new WriteOutcome.Conflict();

    private WriteOutcome Write(StoredRow row, ResourceImage image, string method)
    {
        if (row.Exists && image.Hash.AsSpan().SequenceEqual(row.Hash))
        {
            return new WriteOutcome.Unchanged(new(row.Type, row.Id, row.Version, row.LastUpdated, row.Doc)) { PatientId = image.PatientId };
        }

        var version = NewVersion.After(row, image, method, null, now);
        versions.Add(version);
        return row.Exists
            ? new WriteOutcome.Updated(version.AsResource(withDocuments)) { PatientId = image.PatientId }
            : new WriteOutcome.Created(version.AsResource(withDocuments)) { PatientId = image.PatientId };
    }

    private WriteOutcome.Deleted Delete(StoredRow row)
    {
        var at = NewVersion.Later(now, row.LastUpdated);
        deletions.Add((row, at));
        return new(row.Version + 1, at) { Deletion = new(row.Type, row.Id, row.Version + 1, at, row.Doc) };
    }

    // One statement for all tells whether any is closed; which one is looked up only if so.
    private async Task<ImmutableArray<WriteOutcome?>> RefuseClosedAsync(IReadOnlyList<ResourceWrite> writes, WriteOutcome?[] outcomes, CancellationToken cancellationToken)
    {
        var written = writes.Where((_, i) => outcomes[i] is WriteOutcome.Created or WriteOutcome.Updated).Select(write => (write.Type, write.Id, write.Needed)).ToList();
        if (await LockedRows.AreOpenAsync(connection, written, grant, cancellationToken))
        {
            return [.. outcomes];
        }

        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] is WriteOutcome.Created or WriteOutcome.Updated
                && !await LockedRows.AreOpenAsync(connection, [(writes[i].Type, writes[i].Id, writes[i].Needed)], grant, cancellationToken))
            {
                outcomes[i] = new WriteOutcome.Forbidden();
            }
        }

        return [.. outcomes];
    }
}
