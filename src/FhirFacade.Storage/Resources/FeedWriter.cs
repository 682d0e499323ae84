using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>Applies what messages say to the stored resources, inside the caller's transaction.</summary>
public static class FeedWriter
{
    /// <summary>Applies the changes of one message, in order.</summary>
    /// <returns>What each change did.</returns>
    /// <exception cref="NpgsqlException">The transaction cannot go on; if it is transient, do it again from its beginning.</exception>
    public static async Task<ImmutableArray<ChangeOutcome>> ApplyAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long journalId, IReadOnlyList<ResourceChange> changes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(transaction);
        return await ApplyAsync(connection, [.. changes.Select(change => (journalId, change))], now, null, cancellationToken);
    }

    /// <summary>Applies the changes of many messages, in order: one round trip to read, one to write.</summary>
    /// <param name="connection">With a transaction under way.</param>
    /// <param name="changes">Each with the journal row that it comes from.</param>
    /// <param name="now">The time of the versions that are made.</param>
    /// <param name="complete">See <see cref="Journal.JournalWorkerOptions.Complete"/>.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    public static async Task<ImmutableArray<ChangeOutcome>> ApplyAsync(
        NpgsqlConnection connection, IReadOnlyList<(long JournalId, ResourceChange Change)> changes, DateTimeOffset now, Action<JsonObject>? complete, CancellationToken cancellationToken)
    {
        var stored = await StoredRows.LoadAsync(connection, Wanted(changes), cancellationToken);
        var passing = new List<NewVersion>();
        var current = new Dictionary<(string Type, string Id), NewVersion>();
        var lineage = new List<(string Type, string Id, int Version, ResourceLineage Lineage)>();
        var outcomes = ImmutableArray.CreateBuilder<ChangeOutcome>(changes.Count);
        foreach (var (journalId, change) in changes)
        {
            var key = (change.Type, change.Id);
            var row = stored[key];
            var met = Meet(change, row);
            complete?.Invoke(met);
            var content = JsonElement.Parse(ResourceContent.ToBytes(met));
            var hash = ResourceContent.Hash(content);
            if (row.Exists && hash.AsSpan().SequenceEqual(row.Hash))
            {
                outcomes.Add(ChangeOutcome.Unchanged);
                continue;
            }

            outcomes.Add(row.Exists ? ChangeOutcome.Updated : ChangeOutcome.Created);
            var version = NewVersion.After(row, content, hash, "PUT", journalId, now);
            if (current.TryGetValue(key, out var earlier))
            {
                passing.Add(earlier);
                version = version with { Replaces = earlier.Replaces };
            }

            if (change.Lineage is { } fields)
            {
                lineage.Add((change.Type, change.Id, version.Version, fields));
            }

            current[key] = version;
            stored[key] = version.AsStored();
        }

        var patients = current.Values.Concat(passing).Select(version => version.PatientId).OfType<string>();
        var keys = await PatientKeys.ForAsync(connection, patients, cancellationToken);
        await VersionWriter.WriteAsync(connection, current.Values, keys, cancellationToken);
        await VersionWriter.WritePassingAsync(connection, passing, keys, cancellationToken);
        await LineageTable.WriteAsync(connection, lineage, cancellationToken);
        return outcomes.MoveToImmutable();
    }

    private static IEnumerable<(string Type, string Id, bool WithDoc)> Wanted(IEnumerable<(long JournalId, ResourceChange Change)> changes) => changes
        .GroupBy(item => (item.Change.Type, item.Change.Id), item => item.Change.Mode)
        .Select(modes => (modes.Key.Type, modes.Key.Id, modes.Contains(ChangeMode.Merge)));

    private static JsonObject Meet(ResourceChange change, StoredRow row)
    {
        if (change.Mode != ChangeMode.Merge || row.Doc is not { } doc)
        {
            return MergePatch.WithoutNulls(change.Content);
        }

        var stored = (JsonObject)JsonNode.Parse(doc)!;
        return MergePatch.Apply(stored, Said(change, stored));
    }

    // What a message only presumed does not stand against what is known.
    private static JsonObject Said(ResourceChange change, JsonObject stored)
    {
        if (!change.Presumed.Any(stored.ContainsKey))
        {
            return change.Content;
        }

        var said = (JsonObject)change.Content.DeepClone();
        foreach (var element in change.Presumed.Where(stored.ContainsKey))
        {
            said.Remove(element);
        }

        return said;
    }
}
