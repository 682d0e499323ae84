using System.Text.Json.Nodes;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Storage.Schema;
using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// References that follow a merge of patients or a move of a visit: those that are stored are changed, those that still come are changed on
/// arrival. Of a merge and its inverse the later event counts.
/// </summary>
internal static class FeedMoves
{
    // What tells of the messages themselves stays as it was.
    private static readonly string[] Types =
        [.. ResourceTables.Types.Where(static t => PatientCompartment.Contains(t) && t is not ("Patient" or "Provenance" or "AuditEvent")).Order(StringComparer.Ordinal)];

    private static readonly string[] Pointing = ["subject", "patient", "beneficiary", "encounter"];

    /// <summary>A move as changes of the resources that refer to what has moved; the move itself is noted.</summary>
    public static async Task<IReadOnlyList<ResourceChange>> SpellOutAsync(NpgsqlConnection connection, ResourceChange change, CancellationToken cancellationToken)
    {
        var moved = change.Moved!;
        if (moved.From != change.Id && !await NoteAsync(connection, change, cancellationToken))
        {
            return [];
        }

        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        if (moved.From != change.Id)
        {
            renamed.Add($"{change.Type}/{moved.From}", $"{change.Type}/{change.Id}");
        }

        if (moved.FromPatient != moved.ToPatient)
        {
            renamed[$"Patient/{moved.FromPatient}"] = $"Patient/{moved.ToPatient}";
        }

        var about = change.Type == "Patient" ? null : $"{change.Type}/{moved.From}";
        var changes = new List<ResourceChange>();
        foreach (var (type, id, doc) in await RecordAsync(connection, moved.FromPatient, cancellationToken))
        {
            if (type == change.Type && id == moved.From && id != change.Id)
            {
                changes.Add(Inherited(change, doc));
            }
            else if ((about is null || (type == change.Type && id == change.Id) || References(doc, about)) && Rename(doc, renamed))
            {
                changes.Add(new ResourceChange(type, id, doc, ChangeMode.Replace));
            }
        }

        return changes;
    }

    /// <summary>The changes with references to what has moved changed.</summary>
    public static async Task<IReadOnlyList<(long JournalId, ResourceChange Change)>> FollowAsync(
        NpgsqlConnection connection, IReadOnlyList<(long JournalId, ResourceChange Change)> changes, CancellationToken cancellationToken)
    {
        var named = changes.SelectMany(item => Named(item.Change.Content)).Distinct().ToArray();
        if (named.Length == 0)
        {
            return changes;
        }

        await using var command = new NpgsqlCommand("""
            with recursive step as (
              select type, from_id, to_id, 1 as depth from feed_move where type || '/' || from_id = any($1)
                and type = any($2) and from_id = any($3)
              union all
              select step.type, step.from_id, m.to_id, step.depth + 1 from step join feed_move m on m.type = step.type and m.from_id = step.to_id
              where step.depth < 20)
            select type || '/' || from_id, (array_agg(type || '/' || to_id order by depth desc))[1] from step group by type, from_id
            """, connection)
        {
            Parameters =
            {
                new() { Value = named },
                new() { Value = new[] { "Patient", "Encounter" } },
                new() { Value = named.Select(n => n[(n.IndexOf('/', StringComparison.Ordinal) + 1)..]).ToArray() },
            },
        };
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                renamed.Add(reader.GetString(0), reader.GetString(1));
            }
        }

        return renamed.Count == 0 ? changes : [.. changes.Select(item => (item.JournalId, Followed(item.Change, renamed)))];
    }

    private static ResourceChange Followed(ResourceChange change, Dictionary<string, string> renamed)
    {
        if (!Types.Contains(change.Type) || !Named(change.Content).Any(renamed.ContainsKey))
        {
            return change;
        }

        var content = (JsonObject)change.Content.DeepClone();
        Rename(content, renamed);
        return change with { Content = content };
    }

    // The visit under its new number has what it had under the old one, where the message does not say otherwise.
    private static ResourceChange Inherited(ResourceChange change, JsonObject doc)
    {
        foreach (var own in (string[])["id", "meta", "status", "identifier", "subject"])
        {
            doc.Remove(own);
        }

        return new ResourceChange(change.Type, change.Id, doc, ChangeMode.Merge) { Presumed = [.. doc.Select(p => p.Key).Where(k => k != "resourceType")], IsUpdateOnly = true };
    }

    // False if a later event has said the opposite.
    private static async Task<bool> NoteAsync(NpgsqlConnection connection, ResourceChange change, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            with later as (
              select from feed_move where type = $1 and moved_at > $4 and ((from_id = $3 and to_id = $2) or (from_id = $2 and to_id <> $3))),
            inverse as (delete from feed_move where type = $1 and from_id = $3 and to_id = $2 and not exists (select from later)),
            noted as (
              insert into feed_move (type, from_id, to_id, moved_at) select $1, $2, $3, $4 where not exists (select from later)
              on conflict (type, from_id) do update set to_id = excluded.to_id, moved_at = excluded.moved_at
              returning 1)
            select count(*) from noted
            """, connection)
        {
            Parameters =
            {
                new() { Value = change.Type },
                new() { Value = change.Moved!.From },
                new() { Value = change.Id },
                new() { Value = change.Time?.ToUnixTimeMilliseconds() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
            },
        };
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! > 0;
    }

    private static async Task<List<(string Type, string Id, JsonObject Doc)>> RecordAsync(NpgsqlConnection connection, string patient, CancellationToken cancellationToken)
    {
        var key = "(select key from patient_key where id = $1)";
        var sql = string.Join(" union all ", Types.Select(type => $"select '{type}' as type, id, doc::text from {ResourceTables.NameOf(type)} where patient = {key}"));
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = patient } } };
        var rows = new List<(string, string, JsonObject)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add((reader.GetString(0), reader.GetString(1), (JsonObject)JsonNode.Parse(reader.GetString(2))!));
        }

        rows.Sort(static (a, b) => string.CompareOrdinal($"{a.Item1}/{a.Item2}", $"{b.Item1}/{b.Item2}"));
        return rows;
    }

    private static IEnumerable<string> Named(JsonObject content) =>
        Pointing.SelectMany(e => content[e] switch
        {
            JsonObject one => [one],
            JsonArray several => several.OfType<JsonObject>(),
            _ => [],
        }).Select(static r => (string?)r["reference"]).OfType<string>().Where(static r => r.StartsWith("Patient/", StringComparison.Ordinal) || r.StartsWith("Encounter/", StringComparison.Ordinal));

    private static bool References(JsonNode? node, string reference) => node switch
    {
        JsonObject json => json.Any(p => (p.Key == "reference" && p.Value is JsonValue value && value.TryGetValue(out string? text) && text == reference) || References(p.Value, reference)),
        JsonArray list => list.Any(item => References(item, reference)),
        _ => false,
    };

    private static bool Rename(JsonNode? node, Dictionary<string, string> renamed)
    {
        var isChanged = false;
        switch (node)
        {
            case JsonObject json:
                if (json["reference"] is JsonValue value && value.TryGetValue(out string? text) && renamed.TryGetValue(text, out var to))
                {
                    json["reference"] = to;
                    isChanged = true;
                }

                foreach (var (_, child) in json)
                {
                    isChanged |= Rename(child, renamed);
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    isChanged |= Rename(item, renamed);
                }

                break;
        }

        return isChanged;
    }
}
