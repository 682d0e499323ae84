using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// The table <c>feed_move</c>: which resource has become another one, and whose visits and accounts are another patient's now. Of a move and its
/// inverse the later event counts.
/// </summary>
internal static class FeedMoveTable
{
    /// <summary>The type of a row that says whose a resource is; its ids are those of <see cref="Of"/>.</summary>
    public static string Subject(string type) => type + ".subject";

    /// <summary>A resource as a patient's.</summary>
    public static string Of(string id, string patient) => $"{id}/{patient}";

    /// <summary>Puts a move down, unless a later event has said the opposite, or that it has moved elsewhere.</summary>
    public static async Task<NotedMove> NoteAsync(NpgsqlConnection connection, FeedMove move, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            with later as (
              select from feed_move where type = $1 and (moved_at, moved_by) > ($4, $5) and ((from_id = $3 and to_id = $2) or (from_id = $2 and to_id <> $3))),
            known as (select from feed_move where type = $1 and from_id = $2 and to_id = $3),
            inverse as (delete from feed_move where type = $1 and from_id = $3 and to_id = $2 and not exists (select from later) returning 1),
            noted as (
              insert into feed_move as m (type, from_id, to_id, moved_at, moved_by, is_rename) select $1, $2, $3, $4, $5, $6 where not exists (select from later)
              on conflict (type, from_id) do update set to_id = excluded.to_id, moved_at = excluded.moved_at, moved_by = excluded.moved_by, is_rename = excluded.is_rename
                where m.to_id <> excluded.to_id or (m.moved_at, m.moved_by) < (excluded.moved_at, excluded.moved_by))
            select exists (select from later), exists (select from known), (select count(*) from inverse)
            """, connection)
        {
            Parameters =
            {
                new() { Value = move.Type }, new() { Value = move.From }, new() { Value = move.To },
                new() { Value = move.At.Milliseconds }, new() { Value = move.At.Message }, new() { Value = move.IsRename },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetBoolean(0) ? NotedMove.Overruled : reader.GetBoolean(1) ? NotedMove.Known : NotedMove.New;
    }

    /// <summary>The moves from any of these, and from where those lead; and those of an account to the patient it is named with.</summary>
    public static async Task<Dictionary<(string Type, string Id), FeedMove>> LoadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<(string Type, string Id)> from, CancellationToken cancellationToken)
    {
        var moves = new Dictionary<(string, string), FeedMove>();
        if (from.Count == 0)
        {
            return moves;
        }

        await using var command = new NpgsqlCommand("""
            with recursive step as (
              (select m.* from unnest($1, $2) as u (type, id) join feed_move m on m.type = u.type and m.from_id = u.id
              union all
              select m.* from unnest($1, $2) as u (type, id) join feed_move m on m.type = u.type and m.to_id = u.id and u.type = 'Account.subject')
              union
              select m.* from step join feed_move m on m.type = step.type and m.from_id = step.to_id)
            select type, from_id, to_id, is_rename, moved_at, moved_by from step
            """, connection)
        {
            Parameters = { new() { Value = from.Select(f => f.Type).ToArray() }, new() { Value = from.Select(f => f.Id).ToArray() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var move = new FeedMove(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), new(reader.GetInt64(4), reader.GetInt64(5)));
            moves.Add((move.Type, move.From), move);
        }

        return moves;
    }
}

/// <summary>A row of the table.</summary>
/// <param name="Type">Patient, Encounter, Account, or <see cref="FeedMoveTable.Subject"/> of one.</param>
/// <param name="From">What it was.</param>
/// <param name="To">What it is.</param>
/// <param name="IsRename">Both are one thing.</param>
/// <param name="At">The event.</param>
internal sealed record FeedMove(string Type, string From, string To, bool IsRename, EventOrder At);

/// <summary>What noting a move found.</summary>
internal enum NotedMove
{
    /// <summary>A later event says otherwise: nothing moves.</summary>
    Overruled,

    /// <summary>It was noted before.</summary>
    Known,

    /// <summary>Nothing of the kind was known, or the opposite.</summary>
    New,
}
