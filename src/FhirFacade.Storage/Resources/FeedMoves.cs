using System.Text.Json.Nodes;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// References that follow a merge of patients or a move of a visit or an account: those that are stored are changed, those that still come are
/// changed on arrival. Where a thing has another number, all that was and will be said of it under the old one goes with it.
/// </summary>
internal static class FeedMoves
{
    private const string Patient = "Patient";

    // What can move, and what of it a patient has.
    private static readonly string[] Movable = [Patient, "Encounter", "Account"];
    private static readonly string[] Owned = ["Encounter", "Account"];

    /// <summary>A move as changes of the resources that it is about; the move itself is noted.</summary>
    public static async Task<IReadOnlyList<ResourceChange>> SpellOutAsync(
        NpgsqlConnection connection, ResourceChange change, EventOrder at, CancellationToken cancellationToken)
    {
        var moved = change.Moved!;
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        var changes = new List<ResourceChange>();
        if (moved.From != change.Id)
        {
            var noted = await FeedMoveTable.NoteAsync(connection, new(change.Type, moved.From, change.Id, moved.Remainder is not null, at), cancellationToken);
            if (noted == NotedMove.Overruled)
            {
                return [];
            }

            renamed.Add($"{change.Type}/{moved.From}", $"{change.Type}/{change.Id}");
            if (moved.Remainder is { } remainder && noted != NotedMove.Known)
            {
                changes.AddRange(await InheritAsync(connection, change, remainder, cancellationToken));
            }
        }

        if (moved.FromPatient == moved.ToPatient)
        {
            var record = renamed.Count == 0 ? [] : await PatientRecord.LoadAsync(connection, moved.FromPatient, cancellationToken);
            return [.. changes, .. Renamed(record, renamed)];
        }

        renamed[$"{Patient}/{moved.FromPatient}"] = $"{Patient}/{moved.ToPatient}";
        var all = await PatientRecord.LoadAsync(connection, moved.FromPatient, cancellationToken);
        if (change.Type == Patient)
        {
            return [.. changes, .. Renamed(all, renamed)];
        }

        // What is stored under the old number is inherited; the patient of what is left there is not of interest.
        var below = PatientRecord.Below($"{change.Type}/{moved.From}", all);
        foreach (var (type, id) in below.Select(static row => (row.Type, row.Id)).Where(static row => Owned.Contains(row.Type)).Append((change.Type, moved.From)).Distinct())
        {
            var owned = new FeedMove(FeedMoveTable.Subject(type), FeedMoveTable.Of(id, moved.FromPatient), FeedMoveTable.Of(id, moved.ToPatient), false, at);
            if (await FeedMoveTable.NoteAsync(connection, owned, cancellationToken) == NotedMove.Overruled && type == change.Type && id == moved.From)
            {
                return changes;
            }
        }

        return [.. changes, .. Renamed(moved.Remainder is null ? below : below.Where(row => (row.Type, row.Id) != (change.Type, moved.From)), renamed)];
    }

    /// <summary>The changes about what it is now, and whose it is now; and the visits among them that came to another patient with their account.</summary>
    public static async Task<(IReadOnlyList<(long JournalId, ResourceChange Change)> Changes, IReadOnlyList<(long JournalId, ResourceChange Change)> Carried)> FollowAsync(
        NpgsqlConnection connection, IReadOnlyList<(long JournalId, ResourceChange Change)> changes, CancellationToken cancellationToken)
    {
        var named = changes.Select(static item => Named(item.Change)).ToList();
        var moves = await FeedMoveTable.LoadAsync(connection, [.. named.SelectMany(static n => n).Distinct()], cancellationToken);
        if (moves.Count == 0)
        {
            return (changes, []);
        }

        // Where the first names lead there may be more: a visit of a patient who is another one.
        for (var round = 0; round < 3; round++)
        {
            var further = named.Where(n => n.Any(moves.ContainsKey)).SelectMany(n => Pairs(n.Select(name => (name.Type, Resolve(moves, name.Type, name.Id, false))).Concat(n))).Where(name => !moves.ContainsKey(name)).Distinct().ToList();
            var found = await FeedMoveTable.LoadAsync(connection, further, cancellationToken);
            var before = moves.Count;
            foreach (var (key, move) in found)
            {
                moves.TryAdd(key, move);
            }

            if (moves.Count == before)
            {
                break;
            }
        }

        var followed = new List<(long JournalId, ResourceChange Change)>(changes.Count);
        var carried = new List<(long JournalId, ResourceChange Change)>();
        for (var i = 0; i < changes.Count; i++)
        {
            var (journalId, change) = changes[i];
            if (!named[i].Any(moves.ContainsKey))
            {
                followed.Add((journalId, change));
                continue;
            }

            var now = Followed(change, named[i], moves, out var carrier);
            followed.Add((journalId, now));
            if (carrier is { } by && now.Type == "Encounter")
            {
                var (from, to) = (by.From.Split('/')[1], Resolve(moves, by.Type, by.From, false).Split('/')[1]);
                carried.Add((by.At.Message, new ResourceChange(now.Type, now.Id, [], ChangeMode.Merge)
                {
                    Moved = new(now.Id, from, to),
                    Time = DateTimeOffset.FromUnixTimeMilliseconds(by.At.Milliseconds),
                }));
            }
        }

        return (followed, carried);
    }

    private static ResourceChange Followed(ResourceChange change, List<(string Type, string Id)> named, Dictionary<(string Type, string Id), FeedMove> moves, out FeedMove? carrier)
    {
        carrier = null;
        var content = (JsonObject)change.Content.DeepClone();
        var id = change.Id;
        if (Movable.Contains(change.Type) && Resolve(moves, change.Type, id, onlyRenamed: true) is var own && own != id)
        {
            // The number is what has changed; and a patient is not linked to itself.
            content.Remove("identifier");
            content["id"] = id = own;
            if (change.Type == Patient && content["link"] is JsonArray links)
            {
                foreach (var self in links.Where(link => (string?)link?["other"]?["reference"] == $"{Patient}/{own}").ToList())
                {
                    links.Remove(self);
                }
            }
        }

        if (change.Type != Patient && PatientRecord.Types.Contains(change.Type))
        {
            var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (type, from) in named.Where(static n => Movable.Contains(n.Type)))
            {
                renamed[$"{type}/{from}"] = $"{type}/{Resolve(moves, type, from, false)}";
            }

            // Merged first, then moved with a visit or an account, then merged again.
            foreach (var patient in named.Where(static n => n.Type == Patient).Select(static n => n.Id))
            {
                var now = Resolve(moves, Patient, patient, false);
                foreach (var start in new[] { patient, now }.Distinct())
                {
                    foreach (var (type, owned) in named.Where(static n => Owned.Contains(n.Type)).SelectMany(n => new[] { n, (n.Type, Id: Resolve(moves, n.Type, n.Id, false)) }).Distinct())
                    {
                        if (moves.TryGetValue((FeedMoveTable.Subject(type), FeedMoveTable.Of(owned, start)), out var move))
                        {
                            now = Resolve(moves, Patient, Resolve(moves, move.Type, move.From, false).Split('/')[1], false);
                            carrier = type == "Account" ? move : carrier;
                        }
                    }
                }

                renamed[$"{Patient}/{patient}"] = $"{Patient}/{now}";
            }

            References.Rename(content, renamed);
        }

        return change with { Id = id, Content = content };
    }

    // All that the resource is or refers to and that can move, and whose.
    private static List<(string Type, string Id)> Named(ResourceChange change)
    {
        if (change.Type != Patient && !PatientRecord.Types.Contains(change.Type))
        {
            return [];
        }

        var names = new List<(string Type, string Id)>();
        if (Movable.Contains(change.Type))
        {
            names.Add((change.Type, change.Id));
        }

        if (change.Type == Patient)
        {
            return names;
        }

        foreach (var reference in References.In(change.Content))
        {
            var slash = reference.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0 && Array.IndexOf(Movable, reference[..slash]) is >= 0 and var type && (Movable[type], reference[(slash + 1)..]) is var name && !names.Contains(name))
            {
                names.Add(name);
            }
        }

        return [.. Pairs(names)];
    }

    // Each with what it is as each patient's.
    private static IEnumerable<(string Type, string Id)> Pairs(IEnumerable<(string Type, string Id)> names)
    {
        var all = names.Where(static n => Movable.Contains(n.Type)).Distinct().ToList();
        return all.Concat(
            from owned in all
            where Owned.Contains(owned.Type)
            from patient in all
            where patient.Type == Patient
            select (FeedMoveTable.Subject(owned.Type), FeedMoveTable.Of(owned.Id, patient.Id)));
    }

    private static string Resolve(Dictionary<(string Type, string Id), FeedMove> moves, string type, string id, bool onlyRenamed)
    {
        for (var step = 0; step < 20 && moves.TryGetValue((type, id), out var move) && (move.IsRename || !onlyRenamed); step++)
        {
            id = move.To;
        }

        return id;
    }

    private static IEnumerable<ResourceChange> Renamed(IEnumerable<(string Type, string Id, JsonObject Doc)> rows, Dictionary<string, string> renamed) =>
        rows.Where(row => References.Rename(row.Doc, renamed)).Select(static row => new ResourceChange(row.Type, row.Id, row.Doc, ChangeMode.Replace));

    // The resource under its new number has what it had under the old one; there the rest stays.
    private static async Task<IEnumerable<ResourceChange>> InheritAsync(
        NpgsqlConnection connection, ResourceChange change, JsonObject remainder, CancellationToken cancellationToken)
    {
        var key = (change.Type, change.Moved!.From);
        var stored = await StoredRows.LoadAsync(connection, [(change.Type, change.Moved.From, true)], cancellationToken);
        var left = new ResourceChange(change.Type, change.Moved.From, remainder, ChangeMode.Replace) { IsRemainder = true };
        if (stored[key].Doc is not { } doc)
        {
            return [left];
        }

        var times = await FeedTimesTable.LoadAsync(connection, [key], cancellationToken);
        var state = new InheritedState((JsonObject)JsonNode.Parse(doc)!, FeedTimes.Parse(times.GetValueOrDefault(key, "")));
        return [new ResourceChange(change.Type, change.Id, [], ChangeMode.Merge) { Inherited = state }, left];
    }
}
