using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Sensitivity;
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

    /// <summary>
    /// Applies the changes of many messages, in order: a round trip each to read what is stored, what events are known and what has moved, and one
    /// or two to write. A merge of patients or a move of a visit begins anew, since it is about all that is stored.
    /// </summary>
    /// <param name="connection">With a transaction under way.</param>
    /// <param name="changes">Each with the journal row that it comes from.</param>
    /// <param name="now">The time of the versions that are made.</param>
    /// <param name="complete">See <see cref="Journal.JournalWorkerOptions.Complete"/>.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    public static async Task<ImmutableArray<ChangeOutcome>> ApplyAsync(
        NpgsqlConnection connection, IReadOnlyList<(long JournalId, ResourceChange Change)> changes, DateTimeOffset now, Action<JsonObject>? complete, CancellationToken cancellationToken)
    {
        var outcomes = ImmutableArray.CreateBuilder<ChangeOutcome>();
        var plain = new List<(long JournalId, ResourceChange Change)>();
        foreach (var item in changes)
        {
            if (item.Change.Moved is null)
            {
                plain.Add(item);
                continue;
            }

            outcomes.AddRange(await ApplyPlainAsync(connection, plain, now, complete, cancellationToken));
            plain.Clear();
            outcomes.AddRange(await MoveAsync(connection, item, now, complete, cancellationToken));
        }

        outcomes.AddRange(await ApplyPlainAsync(connection, plain, now, complete, cancellationToken));
        return outcomes.ToImmutable();
    }

    private static async Task<ImmutableArray<ChangeOutcome>> MoveAsync(
        NpgsqlConnection connection, (long JournalId, ResourceChange Change) item, DateTimeOffset now, Action<JsonObject>? complete, CancellationToken cancellationToken)
    {
        var at = EventOrder.Of(item.Change with { Time = item.Change.Time ?? now }, item.JournalId)!.Value;
        var changes = await FeedMoves.SpellOutAsync(connection, item.Change, at, cancellationToken);
        return await WriteAsync(connection, [.. changes.Select(change => (item.JournalId, change))], now, complete, cancellationToken);
    }

    private static async Task<ImmutableArray<ChangeOutcome>> ApplyPlainAsync(
        NpgsqlConnection connection, List<(long JournalId, ResourceChange Change)> plain, DateTimeOffset now, Action<JsonObject>? complete, CancellationToken cancellationToken)
    {
        if (plain.Count == 0)
        {
            return [];
        }

        var spelledOut = await FeedSnapshots.FollowAsync(connection, await OtherResources.SpellOutAsync(connection, plain, cancellationToken), cancellationToken);
        var (changes, carried) = await FeedMoves.FollowAsync(connection, spelledOut, cancellationToken);
        var outcomes = await WriteAsync(connection, changes, now, complete, cancellationToken);
        foreach (var visit in carried)
        {
            outcomes = [.. outcomes, .. await MoveAsync(connection, visit, now, complete, cancellationToken)];
        }

        return outcomes;
    }

    private static async Task<ImmutableArray<ChangeOutcome>> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<(long JournalId, ResourceChange Change)> changes, DateTimeOffset now, Action<JsonObject>? complete, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
        {
            return [];
        }

        var stored = await StoredRows.LoadAsync(connection, Wanted(changes), cancellationToken);
        var known = await FeedTimesTable.LoadAsync(connection, [.. changes.Where(c => HasTimes(c.Change)).Select(c => (c.Change.Type, c.Change.Id)).Distinct()], cancellationToken);
        var times = known.ToDictionary(row => row.Key, row => FeedTimes.Parse(row.Value));
        var passing = new List<NewVersion>();
        var current = new Dictionary<(string Type, string Id), NewVersion>();
        var lineage = new List<(string Type, string Id, int Version, ResourceLineage Lineage)>();
        var outcomes = ImmutableArray.CreateBuilder<ChangeOutcome>(changes.Count);
        foreach (var (journalId, change) in changes)
        {
            var key = (change.Type, change.Id);
            var row = stored[key];
            if ((change.IsUpdateOnly && !row.Exists) || (change.IsRetirement && EventOrder.Of(change, journalId) is { } at && times.GetValueOrDefault(key)?.HasSince(at) == true))
            {
                outcomes.Add(ChangeOutcome.Unchanged);
                continue;
            }

            var met = Meet(change, journalId, row, times);
            complete?.Invoke(met);
            SecurityLabels.Keep(met, row.Doc);
            SecurityLabels.Keep(met, change.Content);
            var content = SecurityLabels.WithoutMade(JsonElement.Parse(ResourceContent.ToBytes(met)));
            var hash = ResourceContent.Hash(content);
            if (row.Exists && hash.AsSpan().SequenceEqual(row.Hash))
            {
                outcomes.Add(ChangeOutcome.Unchanged);
                continue;
            }

            outcomes.Add(row.Exists ? ChangeOutcome.Updated : ChangeOutcome.Created);
            var version = NewVersion.After(row, ResourceImage.Of(change.Type, change.Id, content, hash), "PUT", journalId, now);
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

        var labelled = await new SharedLabels(connection, now).ApplyAsync(current.Values.Concat(passing), passing.Count, cancellationToken);
        passing = labelled.GetRange(current.Count, passing.Count);
        labelled.RemoveRange(current.Count, passing.Count);
        var patients = labelled.Concat(passing).Select(version => version.PatientId).OfType<string>();
        var keys = await PatientKeys.ForAsync(connection, patients, cancellationToken);
        await VersionWriter.WriteAsync(connection, labelled, keys, null, cancellationToken);
        await VersionWriter.WritePassingAsync(connection, passing, keys, cancellationToken);
        await LineageTable.WriteAsync(connection, lineage, cancellationToken);
        var moved = times.Select(row => (row.Key, Elements: row.Value.ToString())).Where(row => known.GetValueOrDefault(row.Key, "") != row.Elements);
        await FeedTimesTable.SaveAsync(connection, moved, cancellationToken);
        return outcomes.MoveToImmutable();
    }

    private static bool HasTimes(ResourceChange change) => change.Time is not null || change.IsRemainder || change.Inherited is not null;

    private static IEnumerable<(string Type, string Id, bool WithDoc)> Wanted(IEnumerable<(long JournalId, ResourceChange Change)> changes) => changes
        .GroupBy(item => (item.Change.Type, item.Change.Id), item => item.Change)
        .Select(same => (same.Key.Type, same.Key.Id, same.Any(change => change.Mode == ChangeMode.Merge || change.Time is not null)));

    private static JsonObject Meet(ResourceChange change, long journalId, StoredRow row, Dictionary<(string Type, string Id), FeedTimes> times)
    {
        var stored = row.Doc is { } doc ? (JsonObject)JsonNode.Parse(doc)! : null;
        if (!HasTimes(change))
        {
            return FeedMerge.InOrderOfArrival(change, stored);
        }

        if (!times.TryGetValue((change.Type, change.Id), out var known))
        {
            times.Add((change.Type, change.Id), known = new FeedTimes());
        }

        if (change.IsRemainder)
        {
            times[(change.Type, change.Id)] = FeedTimes.OfRemainder();
            return FeedMerge.InOrderOfArrival(change, stored);
        }

        return change.Inherited is { } state ? Inherit(change, state, stored, known) : FeedMerge.InOrderOfEvents(change, stored, known, EventOrder.Of(change, journalId)!.Value);
    }

    private static JsonObject Inherit(ResourceChange change, InheritedState state, JsonObject? stored, FeedTimes times)
    {
        var resource = stored ?? new JsonObject { ["resourceType"] = change.Type, ["id"] = change.Id };
        if (times.IsOfRemainder)
        {
            times.Revive();
            foreach (var name in resource.Select(static p => p.Key).Where(static name => name is not ("resourceType" or "id" or "meta" or "identifier")).ToList())
            {
                resource.Remove(name);
            }
        }

        foreach (var (part, at) in state.AsChanges(change.Type, change.Id))
        {
            resource = FeedMerge.InOrderOfEvents(part, resource, times, at);
        }

        return resource;
    }
}
