using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// Rows in the binary format of COPY (https://www.postgresql.org/docs/current/sql-copy.html): the shortest way for many rows into a table. Each
/// row begins with <see cref="Row"/> and has as many values as it says.
/// </summary>
internal sealed class BinaryCopy(NpgsqlRawCopyStream stream) : IAsyncDisposable
{
    private const int Part = 256 * 1024;
    private const int OidOfInt = 23;
    private const int OidOfLong = 20;
    private const int Null = -1;

    // PostgreSQL counts microseconds from here.
    private static readonly long Epoch = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    // Several COPYs come one after the other: one buffer stays for the next.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? spare;

    private readonly ArrayBufferWriter<byte> output = TakeSpare();

    /// <summary>Begins a COPY into columns of a table.</summary>
    /// <param name="connection">With a transaction under way.</param>
    /// <param name="target">The table, and its columns in parentheses; no part of it comes from outside.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<BinaryCopy> BeginAsync(NpgsqlConnection connection, string target, CancellationToken cancellationToken)
    {
        var copy = new BinaryCopy(await connection.BeginRawBinaryCopyAsync($"copy {target} from stdin (format binary)", cancellationToken));
        copy.output.Write("PGCOPY"u8);
        copy.output.Write<byte>([(byte)'\n', 0xff, (byte)'\r', (byte)'\n', 0]);
        copy.Number(0);
        copy.Number(0);
        return copy;
    }

    /// <summary>Begins a row, after sending what has come together.</summary>
    public async ValueTask RowAsync(short columns, CancellationToken cancellationToken)
    {
        if (output.WrittenCount >= Part)
        {
            await stream.WriteAsync(output.WrittenMemory, cancellationToken);
            output.ResetWrittenCount();
        }

        Short(columns);
    }

    public void Int(int value)
    {
        Number(sizeof(int));
        Number(value);
    }

    public void Int(int? value)
    {
        if (value is { } number)
        {
            Int(number);
        }
        else
        {
            Number(Null);
        }
    }

    public void Long(long value)
    {
        Number(sizeof(long));
        Big(value);
    }

    public void Long(long? value)
    {
        if (value is { } number)
        {
            Long(number);
        }
        else
        {
            Number(Null);
        }
    }

    public void Double(double value) => Long(BitConverter.DoubleToInt64Bits(value));

    /// <summary>An instant; the least and the greatest are infinity.</summary>
    public void Time(DateTimeOffset? time)
    {
        if (time is not { } at)
        {
            Number(Null);
            return;
        }

        Long(at.UtcTicks == DateTime.MinValue.Ticks ? long.MinValue
            : at.UtcTicks == DateTime.MaxValue.Ticks ? long.MaxValue
            : (at.UtcTicks - Epoch) / TimeSpan.TicksPerMicrosecond);
    }

    public void Text(string value)
    {
        Number(Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, output);
    }

    public void Bytes(byte[] value)
    {
        Number(value.Length);
        output.Write(value);
    }

    /// <summary>A complete resource, made where it is sent from.</summary>
    public void Document(NewVersion version)
    {
        var length = version.Length;
        Number(length);
        version.CopyTo(output.GetSpan(length)[..length]);
        output.Advance(length);
    }

    public void Longs(ImmutableArray<long> values)
    {
        Array(values.Length, sizeof(long), OidOfLong);
        const int Each = sizeof(int) + sizeof(long);
        var span = output.GetSpan(values.Length * Each);
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(span[(i * Each)..], sizeof(long));
            BinaryPrimitives.WriteInt64BigEndian(span[((i * Each) + sizeof(int))..], values[i]);
        }

        output.Advance(values.Length * Each);
    }

    public void Ints(ImmutableArray<int> values)
    {
        Array(values.Length, sizeof(int), OidOfInt);
        const int Each = sizeof(int) + sizeof(int);
        var span = output.GetSpan(values.Length * Each);
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(span[(i * Each)..], sizeof(int));
            BinaryPrimitives.WriteInt32BigEndian(span[((i * Each) + sizeof(int))..], values[i]);
        }

        output.Advance(values.Length * Each);
    }

    /// <summary>Ends the COPY: the rows are in the table.</summary>
    /// <exception cref="PostgresException">One of them could not be put there.</exception>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        Short(-1);
        await stream.WriteAsync(output.WrittenMemory, cancellationToken);
        await stream.DisposeAsync();
    }

    /// <summary>Ends it in whatever way it has come to.</summary>
    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        if (output.Capacity <= 2 * Part)
        {
            output.ResetWrittenCount();
            spare = output;
        }
    }

    private static ArrayBufferWriter<byte> TakeSpare()
    {
        var taken = spare ?? new ArrayBufferWriter<byte>(Part + (Part / 4));
        spare = null;
        return taken;
    }

    // Number of dimensions, no nulls, type; of the one dimension length and lower bound. An empty array has no dimension.
    private void Array(int count, int size, int oid)
    {
        Number(count == 0 ? 12 : 20 + (count * (sizeof(int) + size)));
        Number(count == 0 ? 0 : 1);
        Number(0);
        Number(oid);
        if (count > 0)
        {
            Number(count);
            Number(1);
        }
    }

    private void Short(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(output.GetSpan(sizeof(short)), value);
        output.Advance(sizeof(short));
    }

    private void Number(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }

    private void Big(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }
}
