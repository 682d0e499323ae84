using Npgsql;

namespace FhirFacade.Storage.Journal;

/// <summary>The database's side of a claim: which messages wait, and which of them this transaction alone may process.</summary>
internal static class JournalClaim
{
    // As many of the oldest are looked at; whatever is behind them has its turn when they are done.
    private const int Window = 500;

    /// <summary>The oldest messages that wait, in order.</summary>
    public static async Task<List<WaitingMessage>> WaitingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select id, lanes, octet_length(bytes) from journal where state = 'received' order by id limit $1", connection)
        {
            Parameters = { new() { Value = Window } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var waiting = new List<WaitingMessage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            waiting.Add(new(reader.GetInt64(0), reader.GetFieldValue<short[]>(1), reader.GetInt32(2)));
        }

        return waiting;
    }

    /// <summary>
    /// Takes the lanes that no other server holds, until the transaction ends; then reads those of the messages that still
    /// wait and have all their lanes taken. A message without one holds back those behind it.
    /// </summary>
    public static async Task<List<JournalMessage>> TakeAsync(
        NpgsqlConnection connection, IReadOnlyList<long> ids, short[] lanes, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select lane from lane where lane = any($1) order by lane for update skip locked") { Parameters = { new() { Value = lanes } } },
                new("""
                    select id, sender, control_id, message_type, received_at, bytes, attempts, correlation_id, lanes, listener
                    from journal where id = any($1) and state = 'received' order by id
                    """) { Parameters = { new() { Value = ids.ToArray() } } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var taken = new HashSet<short>();
        while (await reader.ReadAsync(cancellationToken))
        {
            taken.Add(reader.GetInt16(0));
        }

        await reader.NextResultAsync(cancellationToken);
        var messages = new List<JournalMessage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var needed = reader.GetFieldValue<short[]>(8);
            if (needed.All(taken.Contains))
            {
                messages.Add(Message(reader));
            }
            else
            {
                taken.ExceptWith(needed);
            }
        }

        return messages;
    }

    private static JournalMessage Message(NpgsqlDataReader reader) => new(
        reader.GetInt64(0),
        reader.GetString(1),
        reader.GetString(2),
        reader.GetString(3),
        reader.GetFieldValue<DateTimeOffset>(4),
        reader.GetFieldValue<byte[]>(5),
        reader.GetInt32(6),
        reader.GetString(7)) { Listener = reader.GetString(9) };
}
