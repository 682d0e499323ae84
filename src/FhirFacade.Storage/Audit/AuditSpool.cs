using System.Buffers;
using System.Buffers.Binary;

namespace FhirFacade.Storage.Audit;

/// <summary>
/// Events that outlive the process and wait for their block, in files of one size. The files are used in turns; whoever starts next on the same directory puts what
/// is left into the trail.
/// </summary>
internal sealed class AuditSpool : IDisposable
{
    /// <summary>How much is taken for one block.</summary>
    public const int BytesInBlock = 1024 * 1024;

    private readonly string directory;
    private readonly int size;
    private readonly int most;
    private readonly Lock one = new();
    private readonly Queue<AuditSegment> waiting = new();
    private AuditSegment current;
    private AuditSegment? spare;
    private AuditSegment? reading;
    private int read = AuditSegment.Head;
    private long number;
    private long stored;

    /// <summary>Opens the directory, and makes it if need be.</summary>
    /// <param name="directory">Of this server's data.</param>
    /// <param name="size">Of a file.</param>
    /// <param name="most">How many files may wait: then no event is taken any more.</param>
    /// <exception cref="AuditUnavailableException">There is no room, or no access.</exception>
    public AuditSpool(string directory, int size, int most)
    {
        this.directory = directory;
        this.size = size;
        this.most = most;
        try
        {
            Directory.CreateDirectory(directory);
            Left = [.. Directory.EnumerateFiles(directory).Where(file => Path.GetExtension(file) is AuditSegment.Extension or ".audit").OrderBy(AuditLeft.Begun).ThenBy(file => file, StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AuditUnavailableException("the audit trail cannot be kept: its spool directory cannot be used", exception);
        }

        current = Create(size);
    }

    /// <summary>The files of those before, oldest first.</summary>
    public IReadOnlyList<string> Left { get; }

    /// <summary>The event as it stands in a frame.</summary>
    public static byte[] Encode(AuditRecord record)
    {
        var bytes = new byte[AuditCodec.Most(record)];
        return bytes[..AuditCodec.Write(record, bytes)];
    }

    /// <summary>Returns when the event outlives this process.</summary>
    /// <exception cref="AuditUnavailableException">There is no room for it.</exception>
    public void Append(AuditRecord record)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(AuditCodec.Most(record));
        var payload = bytes.AsSpan(0, AuditCodec.Write(record, bytes));
        lock (one)
        {
            if (!current.TryAppend(number + 1, payload))
            {
                Turn(payload.Length);
                current.TryAppend(number + 1, payload);
            }

            number++;
        }

        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>The oldest events that are in no block yet, and the number of the last of them; none if there are none.</summary>
    /// <remarks>One at a time takes and forgets.</remarks>
    public List<ReadOnlyMemory<byte>> Take()
    {
        AuditSegment segment;
        int end;
        lock (one)
        {
            while (waiting.TryPeek(out var full) && reading == full && read == full.End)
            {
                Release(waiting.Dequeue());
            }

            segment = waiting.TryPeek(out var oldest) ? oldest : current;
            if (segment != reading)
            {
                (reading, read) = (segment, AuditSegment.Head);
            }

            end = segment.End;
            if (spare is null && end > size / 4)
            {
                // Made ahead, so that no request waits for it; if that fails, the request that needs it says so.
                spare = TryCreate();
            }
        }

        var bytes = segment.Read(read, Math.Min(end, read + BytesInBlock));
        if (bytes.Length > 0 && AuditSegment.Frame + BinaryPrimitives.ReadInt32LittleEndian(bytes) is var first && first > bytes.Length)
        {
            bytes = segment.Read(read, read + first);
        }

        var events = new List<ReadOnlyMemory<byte>>();
        for (var rest = bytes.AsMemory(); rest.Length >= AuditSegment.Frame && BinaryPrimitives.ReadInt32LittleEndian(rest.Span) is var length && AuditSegment.Frame + length <= rest.Length; rest = rest[(AuditSegment.Frame + length)..])
        {
            events.Add(rest.Slice(AuditSegment.Frame, length));
        }

        return events;
    }

    /// <summary>The first of those that were taken stand in the trail, as many as these.</summary>
    public void Forget(List<ReadOnlyMemory<byte>> events)
    {
        stored += events.Count;
        reading!.MarkStored(stored);
        read += events.Sum(payload => AuditSegment.Frame + payload.Length);
        lock (one)
        {
            if (reading == current && read == current.End)
            {
                current.Reset(number + 1);
                read = AuditSegment.Head;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (one)
        {
            spare?.Delete();
            foreach (var segment in waiting)
            {
                segment.Dispose();
            }

            if (current.End == AuditSegment.Head)
            {
                current.Delete();
            }
            else
            {
                current.Dispose();
            }
        }
    }

    private void Turn(int length)
    {
        if (waiting.Count + 1 >= most)
        {
            throw new AuditUnavailableException("the audit spool is full: the database has not taken its events for too long");
        }

        var needed = AuditSegment.Head + AuditSegment.Frame + length;
        var next = needed > size ? Create(needed) : spare ?? Create(size);
        spare = next == spare ? null : spare;
        waiting.Enqueue(current);
        next.Reset(number + 1);
        current = next;
    }

    private void Release(AuditSegment segment)
    {
        if (spare is null && segment.Size == size)
        {
            spare = segment;
        }
        else
        {
            segment.Delete();
        }
    }

    private AuditSegment Create(int bytes)
    {
        try
        {
            var segment = AuditSegment.Create(directory, bytes);
            segment.Reset(number + 1);
            return segment;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AuditUnavailableException("the audit spool cannot grow: there is no room on its disk, or no access to it", exception);
        }
    }

    private AuditSegment? TryCreate()
    {
        try
        {
            return Create(size);
        }
        catch (AuditUnavailableException)
        {
            return null;
        }
    }
}
