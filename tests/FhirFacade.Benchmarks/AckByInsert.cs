using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace FhirFacade.Benchmarks;

/// <summary>The plain way to keep a message: one prepared insert, one commit, each sender on its own connection to the database.</summary>
internal sealed class AckByInsert : AckLoad.ISender
{
    private const string Insert = """
        insert into bare_journal (sender, control_id, message_type, correlation_id, received_at, hash, bytes, state, lanes)
        values ($1, $2, $3, $4, $5, $6, $7, 'received', $8)
        """;

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlCommand command;
    private readonly NpgsqlParameter<string> controlId = new();
    private readonly NpgsqlParameter<DateTime> receivedAt = new();
    private readonly NpgsqlParameter<byte[]> hash = new();
    private readonly NpgsqlParameter<ReadOnlyMemory<byte>> bytes = new();

    /// <param name="dataSource">Has to have a connection for each sender.</param>
    public AckByInsert(NpgsqlDataSource dataSource)
    {
        connection = dataSource.OpenConnection();
        command = new NpgsqlCommand(Insert, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = "ADMIT|NORTH" },
                controlId,
                new NpgsqlParameter<string> { TypedValue = "ADT^A01" },
                new NpgsqlParameter<string> { TypedValue = "0123456789abcdef0123456789abcdef" },
                receivedAt,
                hash,
                bytes,
                new NpgsqlParameter<short[]> { TypedValue = [7] },
            },
        };
        (controlId.TypedValue, receivedAt.TypedValue, hash.TypedValue, bytes.TypedValue) = ("", DateTime.UtcNow, [], ReadOnlyMemory<byte>.Empty);
        command.Prepare();
    }

    /// <inheritdoc/>
    public void Send(AckSample message)
    {
        controlId.TypedValue = Encoding.ASCII.GetString(message.ControlId);
        receivedAt.TypedValue = DateTime.UtcNow;
        hash.TypedValue = SHA256.HashData(message.Message.Span);
        bytes.TypedValue = message.Message;
        if (command.ExecuteNonQuery() != 1)
        {
            throw new InvalidOperationException("the message was not inserted");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        command.Dispose();
        connection.Dispose();
    }
}
