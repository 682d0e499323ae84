using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FhirFacade.Storage.Schema;
using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Storage.Resources;

/// <summary>Makes a change of "all others" (<see cref="ResourceChange.Others"/>) a change of each of them.</summary>
internal static class OtherResources
{
    /// <summary>The changes with those of "all others" spelt out, in order. Others are what feeds have stored, and what the changes before make.</summary>
    public static async Task<IReadOnlyList<(long JournalId, ResourceChange Change)>> SpellOutAsync(
        NpgsqlConnection connection, IReadOnlyList<(long JournalId, ResourceChange Change)> changes, CancellationToken cancellationToken)
    {
        if (!changes.Any(static item => item.Change.Others is not null))
        {
            return changes;
        }

        var all = new List<(long JournalId, ResourceChange Change)>();
        foreach (var (journalId, change) in changes)
        {
            if (change.Others is not { } others)
            {
                all.Add((journalId, change));
                continue;
            }

            if (EventOrder.Of(change, journalId) is { } at)
            {
                await FeedSnapshots.NoteAsync(connection, change, at, cancellationToken);
            }

            var made = all.Where(item => item.Change.Type == change.Type && IsOf(item.Change.Content, change.Id, others)).Select(item => item.Change.Id);
            var stored = await StoredAsync(connection, change, others, cancellationToken);
            foreach (var id in stored.Union(made).Except(others.Kept).Order(StringComparer.Ordinal))
            {
                all.Add((journalId, Retired(change.Type, id, change.Content, change.Time)));
            }
        }

        return all;
    }

    /// <summary>What a snapshot says of a resource that it does not carry.</summary>
    public static ResourceChange Retired(string type, string id, JsonObject said, DateTimeOffset? time)
    {
        var content = (JsonObject)said.DeepClone();
        content["id"] = id;
        return new ResourceChange(type, id, content, ChangeMode.Merge) { Time = time, IsUpdateOnly = true, IsRetirement = true };
    }

    private static bool IsOf(JsonObject content, string patient, OtherResourcesOf others) =>
        new[] { "patient", "subject", "beneficiary" }.Any(e => Reference(content, e) == $"Patient/{patient}")
        && (others.Encounter is null || Reference(content, "encounter") == $"Encounter/{others.Encounter}");

    private static string? Reference(JsonObject content, string element) => (string?)(content[element] as JsonObject)?["reference"];

    private static async Task<List<string>> StoredAsync(NpgsqlConnection connection, ResourceChange change, OtherResourcesOf others, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            select t.id from {ResourceTables.NameOf(change.Type)} t
            where t.patient = (select key from patient_key where id = $1) and t.source is not null
              and ($2::text is null or t.doc #>> '{"{encounter,reference}"}' = 'Encounter/' || $2)
            """, connection)
        {
            Parameters = { new() { Value = change.Id }, new() { Value = others.Encounter ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } },
        };
        var ids = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }
}
