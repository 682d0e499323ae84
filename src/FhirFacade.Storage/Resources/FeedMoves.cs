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
        var changes = new List<ResourceChange>();
        var isOther = moved.From != change.Id;
        var noted = isOther ? await FeedMoveTable.NoteAsync(connection, new(change.Type, moved.From, change.Id, moved.Remainder is not null, at), cancellationToken) : NotedMove.Known;
        if (noted == NotedMove.Overruled)
        {
            return [];
        }

        // What it has become, and whose it is, may have become something else since.
        var moves = await FeedMoveTable.LoadAsync(connection, [(change.Type, change.Id), (Patient, moved.FromPatient), (Patient, moved.ToPatient)], cancellationToken);
        if (moved.Remainder is { } remainder && noted != NotedMove.Known)
        {
            changes.AddRange(await InheritAsync(connection, change with { Id = Resolve(moves, change.Type, change.Id, onlyRenamed: true) }, remainder, cancellationToken));
        }

        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        if (isOther)
        {
            renamed.Add($"{change.Type}/{moved.From}", $"{change.Type}/{Resolve(moves, change.Type, change.Id, false)}");
        }

        if (moved.FromPatient != moved.ToPatient)
        {
            renamed[$"{Patient}/{moved.FromPatient}"] = $"{Patient}/{Resolve(moves, Patient, moved.ToPatient, false)}";
        }

        if (renamed.Count == 0)
        {
            return changes;
        }

        if (moved.FromPatient != moved.ToPatient && change.Type != Patient && await FeedMoveTable.NoteAsync(connection, Subject(change.Type, moved.From, moved, at), cancellationToken) is NotedMove.Overruled or NotedMove.Known)
        {
            return changes;
        }

        var record = await PatientRecord.LoadAsync(connection, moved.FromPatient, cancellationToken);
        if (change.Type == Patient)
        {
            // What the survivor has may refer to visits that were the other's when they moved.
            return [.. changes, .. await RenamedAsync(connection, [.. record, .. await PatientRecord.LoadAsync(connection, change.Id, cancellationToken)], renamed, cancellationToken)];
        }

        // The former patient may have become another one since, and what is to move be there.
        if (Resolve(moves, Patient, moved.FromPatient, false) is var former && former != moved.FromPatient)
        {
            record = [.. record, .. await PatientRecord.LoadAsync(connection, former, cancellationToken)];
        }

        if (moved.FromPatient == moved.ToPatient)
        {
            return [.. changes, .. await RenamedAsync(connection, record, renamed, cancellationToken)];
        }

        renamed[$"{Patient}/{former}"] = renamed[$"{Patient}/{moved.FromPatient}"];
        var below = PatientRecord.Below(
            [$"{change.Type}/{moved.From}", $"{change.Type}/{change.Id}"], [.. record, .. await PatientRecord.LoadAsync(connection, moved.ToPatient, cancellationToken)]);
        foreach (var (type, id, _) in below.Where(static row => Owned.Contains(row.Type)))
        {
            await FeedMoveTable.NoteAsync(connection, Subject(type, id, moved, at), cancellationToken);
        }

        // What is left under an old number is written with what has moved.
        var left = moved.Remainder is null ? default : (change.Type, moved.From);
        return [.. changes, .. await RenamedAsync(connection, below.Where(row => (row.Type, row.Id) != left && record.Contains(row)), renamed, cancellationToken)];
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
            var before = moves.Count;
            foreach (var (key, move) in await FeedMoveTable.LoadAsync(connection, further, cancellationToken))
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
            var now = named[i].Any(moves.ContainsKey) ? Followed(change, named[i], moves) : change;
            followed.Add((journalId, now));
            if (change is { Type: "Encounter", IsInPlace: false })
            {
                carried.AddRange(Carriers(named[i], moves).Select(by => (by.At.Message, Carried(now.Id, by, moves))));
            }
        }

        return (followed, carried);
    }

    private static FeedMove Subject(string type, string id, MovedReferences moved, EventOrder at) =>
        new(FeedMoveTable.Subject(type), FeedMoveTable.Of(id, moved.FromPatient), FeedMoveTable.Of(id, moved.ToPatient), false, at);

    // Moves of the accounts to which a visit belongs, whether it is still filed under the former patient or under the new one.
    private static IEnumerable<FeedMove> Carriers(List<(string Type, string Id)> named, Dictionary<(string Type, string Id), FeedMove> moves)
    {
        var accounts = named.Where(static n => n.Type == "Account").Select(static n => n.Id).ToList();
        return accounts.Count == 0 ? [] : moves.Values.Where(move => move.Type == FeedMoveTable.Subject("Account") && accounts.Contains(move.From.Split('/')[0]));
    }

    private static ResourceChange Carried(string visit, FeedMove by, Dictionary<(string Type, string Id), FeedMove> moves) => new("Encounter", visit, [], ChangeMode.Merge)
    {
        Moved = new(visit, by.From.Split('/')[1], Resolve(moves, by.Type, by.From, false).Split('/')[1]),
        Time = DateTimeOffset.FromUnixTimeMilliseconds(by.At.Milliseconds),
    };

    private static ResourceChange Followed(ResourceChange change, List<(string Type, string Id)> named, Dictionary<(string Type, string Id), FeedMove> moves)
    {
        var content = (JsonObject)change.Content.DeepClone();
        var id = change.Id;
        if (!change.IsInPlace && Movable.Contains(change.Type) && Resolve(moves, change.Type, id, onlyRenamed: true) is var own && own != id)
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
        if (Movable.Contains(change.Type) && !change.IsInPlace)
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

    // With all else that has moved since they were written: not every move finds them where they are.
    private static async Task<IEnumerable<ResourceChange>> RenamedAsync(
        NpgsqlConnection connection, IEnumerable<(string Type, string Id, JsonObject Doc)> rows, Dictionary<string, string> renamed, CancellationToken cancellationToken)
    {
        var changes = rows.Select(row => (Row: row, IsRenamed: References.Rename(row.Doc, renamed)))
            .Select(static item => (item.IsRenamed ? 1L : 0L, new ResourceChange(item.Row.Type, item.Row.Id, item.Row.Doc, ChangeMode.Replace) { IsInPlace = true })).ToList();
        var (followed, _) = await FollowAsync(connection, changes, cancellationToken);
        return followed.Where((item, i) => item.JournalId == 1 || !ReferenceEquals(item.Change, changes[i].Item2)).Select(static item => item.Change);
    }

    // The resource under its new number has what it had under the old one; there the rest stays.
    private static async Task<IEnumerable<ResourceChange>> InheritAsync(
        NpgsqlConnection connection, ResourceChange change, JsonObject remainder, CancellationToken cancellationToken)
    {
        var key = (change.Type, change.Moved!.From);
        var stored = await StoredRows.LoadAsync(connection, [(change.Type, change.Moved.From, true)], cancellationToken);
        var rest = new ResourceChange(change.Type, change.Moved.From, remainder, ChangeMode.Replace) { IsRemainder = true, IsInPlace = true };
        var (left, _) = await FollowAsync(connection, [(0, rest)], cancellationToken);
        if (stored[key].Doc is not { } doc)
        {
            return [left[0].Change];
        }

        var times = await FeedTimesTable.LoadAsync(connection, [key], cancellationToken);
        var state = new InheritedState((JsonObject)JsonNode.Parse(doc)!, FeedTimes.Parse(times.GetValueOrDefault(key, "")));
        return [new ResourceChange(change.Type, change.Id, [], ChangeMode.Merge) { Inherited = state }, left[0].Change];
    }
}
