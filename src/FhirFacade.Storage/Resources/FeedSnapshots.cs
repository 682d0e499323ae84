using System.Text.Json.Nodes;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// The latest snapshot of each kind of a patient's resources. What a message of an earlier event brings after it, and the snapshot does not
/// carry, the snapshot has removed already.
/// </summary>
internal static class FeedSnapshots
{
    // The types that snapshots are of, and where they name the patient.
    private static readonly Dictionary<string, string> PatientOf = new(StringComparer.Ordinal)
    {
        ["AllergyIntolerance"] = "patient",
        ["Condition"] = "subject",
        ["RelatedPerson"] = "patient",
        ["Coverage"] = "beneficiary",
    };

    /// <summary>Notes a snapshot unless a later one is known.</summary>
    public static async Task NoteAsync(NpgsqlConnection connection, ResourceChange change, EventOrder at, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            insert into feed_snapshot as s (type, patient, encounter, taken_at, taken_by, content) values ($1, $2, $3, $4, $5, $6::json)
            on conflict (type, patient, encounter) do update set taken_at = excluded.taken_at, taken_by = excluded.taken_by, content = excluded.content
            where (s.taken_at, s.taken_by) < (excluded.taken_at, excluded.taken_by)
            """, connection)
        {
            Parameters =
            {
                new() { Value = change.Type }, new() { Value = change.Id }, new() { Value = change.Others!.Encounter ?? "" },
                new() { Value = at.Milliseconds }, new() { Value = at.Message }, new() { Value = change.Content.ToJsonString() },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The changes, each that is older than the snapshot of its kind followed by what that says.</summary>
    public static async Task<IReadOnlyList<(long JournalId, ResourceChange Change)>> FollowAsync(
        NpgsqlConnection connection, IReadOnlyList<(long JournalId, ResourceChange Change)> changes, CancellationToken cancellationToken)
    {
        var shown = changes.Select(static item => item.Change is { Time: not null, IsRetirement: false } change && PatientOf.ContainsKey(change.Type) ? Patient(change) : null).ToList();
        if (!shown.Any(static patient => patient is not null))
        {
            return changes;
        }

        var snapshots = await LoadAsync(connection, [.. shown.OfType<string>().Distinct()], cancellationToken);
        if (snapshots.Count == 0)
        {
            return changes;
        }

        var all = new List<(long JournalId, ResourceChange Change)>(changes.Count);
        for (var i = 0; i < changes.Count; i++)
        {
            var (journalId, change) = changes[i];
            all.Add(changes[i]);
            if (shown[i] is not { } patient)
            {
                continue;
            }

            foreach (var encounter in new[] { "", Reference(change, "encounter") }.OfType<string>())
            {
                if (snapshots.TryGetValue((change.Type, patient, encounter.Replace("Encounter/", "", StringComparison.Ordinal)), out var snapshot) && EventOrder.Of(change, journalId) < snapshot.At)
                {
                    all.Add((snapshot.At.Message, OtherResources.Retired(change.Type, change.Id, snapshot.Content, DateTimeOffset.FromUnixTimeMilliseconds(snapshot.At.Milliseconds))));
                }
            }
        }

        return all;
    }

    private static string? Patient(ResourceChange change) =>
        Reference(change, PatientOf[change.Type]) is { } reference && reference.StartsWith("Patient/", StringComparison.Ordinal) ? reference["Patient/".Length..] : null;

    private static string? Reference(ResourceChange change, string element) => (string?)(change.Content[element] as JsonObject)?["reference"];

    private static async Task<Dictionary<(string Type, string Patient, string Encounter), (EventOrder At, JsonObject Content)>> LoadAsync(
        NpgsqlConnection connection, string[] patients, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select type, patient, encounter, taken_at, taken_by, content::text from feed_snapshot where type = any($1) and patient = any($2)", connection)
        {
            Parameters = { new() { Value = PatientOf.Keys.ToArray() }, new() { Value = patients } },
        };
        var snapshots = new Dictionary<(string, string, string), (EventOrder, JsonObject)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            snapshots.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)), (new(reader.GetInt64(3), reader.GetInt64(4)), (JsonObject)JsonNode.Parse(reader.GetString(5))!));
        }

        return snapshots;
    }
}
