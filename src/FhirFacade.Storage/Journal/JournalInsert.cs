using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Storage.Journal;

/// <summary>Inserts messages and gives each its receipt. One statement, and with it one commit, where none is a duplicate.</summary>
internal sealed class JournalInsert
{
    // A sender that repeats one message will repeat more; then it is asked first what is there.
    private const int CarefulCommits = 100;

    private const string InsertNew = """
        insert into journal (sender, control_id, message_type, correlation_id, received_at, hash, bytes, lanes, listener, state)
        select sender, control_id, message_type, correlation_id, received_at, hash, bytes, lanes::smallint[], listener, 'received'
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
          as u (sender, control_id, message_type, correlation_id, received_at, hash, bytes, lanes, listener)
        returning id
        """;

    private const string InsertUnseen = """
        insert into journal (sender, control_id, message_type, correlation_id, received_at, hash, bytes, lanes, listener, state,
          error_location, error_rule, error_code, finished_at)
        select sender, control_id, message_type, correlation_id, received_at, hash, bytes, lanes::smallint[], listener, state,
          error_location, error_rule, error_code, case when state = 'failed' then received_at end
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
          as u (sender, control_id, message_type, correlation_id, received_at, hash, bytes, lanes, listener, state, error_location, error_rule, error_code)
        on conflict (sender, control_id, hash) where duplicate_of is null do nothing
        returning id, sender, control_id, hash
        """;

    private const string NoteRepeated = """
        with first as (
          select u.place, j.id, j.state
          from unnest($1, $2, $3) with ordinality as u (sender, control_id, hash, place)
          join journal j on j.sender = u.sender and j.control_id = u.control_id and j.hash = u.hash and j.duplicate_of is null),
        noted as (
          insert into journal (sender, control_id, message_type, correlation_id, received_at, hash, state, lanes, duplicate_of)
          select u.sender, u.control_id, u.message_type, u.correlation_id, u.received_at, u.hash, 'duplicate', '{}', first.id
          from unnest($1, $2, $3, $4, $5, $6) with ordinality
            as u (sender, control_id, hash, message_type, correlation_id, received_at, place)
          join first using (place) order by place)
        select place, id, state from first
        """;

    private int careful;

    /// <summary>Gives each entry that is committed its receipt; throws if the database refuses.</summary>
    public void Execute(NpgsqlConnection connection, IReadOnlyList<PendingEntry> batch)
    {
        if (careful > 0)
        {
            careful--;
        }
        else if (TryInsertNew(connection, batch))
        {
            return;
        }

        // An original that was removed between the two statements leaves its repetition to be inserted in the next round.
        for (var left = batch; left.Count > 0;)
        {
            left = Insert(connection, left);
            left = left.Count == 0 ? left : Repeat(connection, left);
        }
    }

    /// <summary>The way of nearly all messages: readable and never seen before. False, and nothing is kept, if one is neither.</summary>
    private bool TryInsertNew(NpgsqlConnection connection, IReadOnlyList<PendingEntry> batch)
    {
        if (batch.Any(pending => pending.FirstState != JournalState.Received))
        {
            return false;
        }

        using var command = new NpgsqlCommand(InsertNew, connection);
        AddCommon(command, batch);
        var ids = new List<long>(batch.Count);
        try
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                ids.Add(reader.GetInt64(0));
            }

            // The commit is only known to have happened when the reader has come to the end without an error.
            reader.NextResult();
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            careful = CarefulCommits;
            return false;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].Keep(new(ids[i], false, JournalState.Received));
        }

        return true;
    }

    private static List<PendingEntry> Insert(NpgsqlConnection connection, IReadOnlyList<PendingEntry> batch)
    {
        using var command = new NpgsqlCommand(InsertUnseen, connection);
        AddCommon(command, batch);
        command.Parameters.Add(Array(batch, pending => JournalStates.NameOf(pending.FirstState)));
        command.Parameters.Add(Array(batch, pending => StorableText.OrNull(pending.Entry.Error?.Location)));
        command.Parameters.Add(Array(batch, pending => StorableText.OrNull(pending.Entry.Error?.Rule)));
        command.Parameters.Add(Array(batch, pending => pending.Entry.Error?.Code));

        var ids = new Dictionary<(string, string, string), long>(batch.Count);
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                ids.Add((reader.GetString(1), reader.GetString(2), Convert.ToHexString(reader.GetFieldValue<byte[]>(3))), reader.GetInt64(0));
            }

            reader.NextResult();
        }

        var repeated = new List<PendingEntry>();
        foreach (var pending in batch)
        {
            if (ids.Remove((pending.Sender, pending.ControlId, Convert.ToHexString(pending.Hash)), out var id))
            {
                pending.Keep(new(id, false, pending.FirstState));
            }
            else
            {
                repeated.Add(pending);
            }
        }

        return repeated;
    }

    private static List<PendingEntry> Repeat(NpgsqlConnection connection, IReadOnlyList<PendingEntry> batch)
    {
        using var command = new NpgsqlCommand(NoteRepeated, connection)
        {
            Parameters =
            {
                Array(batch, pending => pending.Sender),
                Array(batch, pending => pending.ControlId),
                Array(batch, pending => pending.Hash),
                Array(batch, pending => StorableText.Of(pending.Entry.MessageType)),
                Array(batch, pending => StorableText.Of(pending.Entry.CorrelationId)),
                Array(batch, pending => pending.Entry.ReceivedAt.UtcDateTime),
            },
        };
        var receipts = new Dictionary<long, JournalReceipt>();
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                receipts.Add(reader.GetInt64(0), new(reader.GetInt64(1), true, JournalStates.Parse(reader.GetString(2))));
            }

            reader.NextResult();
        }

        var left = new List<PendingEntry>();
        for (var i = 0; i < batch.Count; i++)
        {
            if (receipts.TryGetValue(i + 1, out var receipt))
            {
                batch[i].Keep(receipt);
            }
            else
            {
                left.Add(batch[i]);
            }
        }

        return left;
    }

    // Rows are inserted, and their ids given, in the order of the arrays.
    private static void AddCommon(NpgsqlCommand command, IReadOnlyList<PendingEntry> batch)
    {
        command.Parameters.Add(Array(batch, pending => pending.Sender));
        command.Parameters.Add(Array(batch, pending => pending.ControlId));
        command.Parameters.Add(Array(batch, pending => StorableText.Of(pending.Entry.MessageType)));
        command.Parameters.Add(Array(batch, pending => StorableText.Of(pending.Entry.CorrelationId)));
        command.Parameters.Add(Array(batch, pending => pending.Entry.ReceivedAt.UtcDateTime));
        command.Parameters.Add(Array(batch, pending => pending.Hash));
        command.Parameters.Add(new() { Value = batch.Select(pending => pending.Entry.Bytes).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        command.Parameters.Add(Array(batch, pending => "{" + string.Join(',', pending.Entry.Lanes) + "}"));
        command.Parameters.Add(Array(batch, pending => pending.Entry.Listener));
    }

    private static NpgsqlParameter<T[]> Array<T>(IReadOnlyList<PendingEntry> batch, Func<PendingEntry, T> value) =>
        new() { TypedValue = [.. batch.Select(value)] };
}
