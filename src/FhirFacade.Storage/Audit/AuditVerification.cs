using System.Data;
using Npgsql;

namespace FhirFacade.Storage.Audit;

/// <summary>Goes through the whole trail and says what is wrong with it.</summary>
public sealed class AuditVerification(NpgsqlDataSource dataSource)
{
    private const int BlocksAtOnce = 50;

    /// <summary>Checks every block that is there.</summary>
    /// <remarks>What was cut off at the end shows only against a hash that was noted elsewhere: compare <see cref="AuditCheck.Head"/> with it.</remarks>
    public async Task<AuditCheck> CheckAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var check = new AuditCheck(await RemovedAsync(connection, cancellationToken));
        while (await BlocksAsync(connection, check.Blocks, cancellationToken) is { Count: > 0 } blocks)
        {
            var earlier = blocks.Exists(block => block.Data is null)
                ? (await EarlierEvents.OfBlocksAsync(connection, blocks[0].Id, blocks[^1].Id, cancellationToken)).ToLookup(e => e.Place!.Value.Block)
                : null;
            foreach (var block in blocks)
            {
                check.Add(block, block.Data is null ? [.. earlier![block.Id]] : null);
            }
        }

        await using var strays = new NpgsqlCommand("select count(*) from audit_event e where not exists (select from audit_block b where b.id = e.block and b.data is null)", connection);
        check.End((long)(await strays.ExecuteScalarAsync(cancellationToken) ?? 0L));
        return check;
    }

    /// <summary>What the spool of this server holds that no process works on: how many events wait, and the files that are damaged, with how many events they have lost.</summary>
    public static (int Waiting, IReadOnlyList<(string File, long Lost)> Damaged) CheckSpool(string directory)
    {
        var files = Directory.Exists(directory)
            ? Directory.EnumerateFiles(directory, "*" + AuditSegment.Extension).Order(StringComparer.Ordinal).Select(file => (Name: Path.GetFileName(file), Left: AuditLeft.Open(file))).ToList()
            : [];
        return (files.Sum(file => file.Left.Count), [.. files.Where(file => file.Left.Lost != 0).Select(file => (file.Name, file.Left.Lost))]);
    }

    private static async Task<List<AuditRow>> BlocksAsync(NpgsqlConnection connection, long after, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"select id, events, digest, hash, data, marks, keys, failures, first_at, last_at, told from audit_block where id > $1 order by id limit {BlocksAtOnce}", connection)
        {
            Parameters = { new() { Value = after } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var blocks = new List<AuditRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var isEarlier = await reader.IsDBNullAsync(4, cancellationToken);
            blocks.Add(new(reader.GetInt64(0), reader.GetInt32(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3))
            {
                Data = isEarlier ? null : reader.GetFieldValue<byte[]>(4),
                Marks = isEarlier ? [] : reader.GetFieldValue<byte[]>(5),
                Told = await reader.IsDBNullAsync(10, cancellationToken) ? null : reader.GetFieldValue<byte[]>(10),
                Facts = isEarlier ? null : new(
                    reader.GetInt32(1), reader.GetInt32(7), reader.GetFieldValue<DateTimeOffset>(8), reader.GetFieldValue<DateTimeOffset>(9), [.. reader.GetFieldValue<long[]>(6)]),
            });
        }

        return blocks;
    }

    private static async Task<AuditRemoval?> RemovedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select through, events, hash from audit_removal order by through desc limit 1", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)) : null;
    }
}

/// <summary>A block as it is stored.</summary>
internal sealed record AuditRow(long Id, int Events, byte[] Digest, byte[] Hash)
{
    /// <summary>The compressed events; null where each has a row of its own.</summary>
    public byte[]? Data { get; init; }

    /// <summary>Four bytes an event.</summary>
    public byte[] Marks { get; init; } = [];

    /// <summary>The filter that it is found by; null in blocks from before there were any.</summary>
    public byte[]? Told { get; init; }

    /// <summary>What it is found by.</summary>
    public AuditBlockFacts? Facts { get; init; }
}
