using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Numerics;

namespace FhirFacade.Storage.Audit;

/// <summary>
/// A file of the spool: a head, then one frame an event, each with its length, its check sum and its number. The file is mapped, so that an event is the system's as
/// soon as it is copied, whatever becomes of the process; and all of it is on the disk's account before the first event is, so that there is room for every frame.
/// </summary>
/// <remarks>Nobody else can open it for as long as it is open here. The owner of the segment sees to it that one at a time appends.</remarks>
internal sealed class AuditSegment : IDisposable
{
    /// <summary>The name's ending.</summary>
    public const string Extension = ".spool";

    /// <summary>Where the first frame begins.</summary>
    public const int Head = 40;

    /// <summary>Length and check sum, four bytes each, and the number of the event, eight.</summary>
    public const int Frame = 16;

    /// <summary>Where the head says when the first of its events came: files are used in turns, so that their names do not tell.</summary>
    public const int Begun = 32;

    /// <summary>What a file begins with.</summary>
    public static readonly byte[] Magic = "FFTRAIL1"u8.ToArray();

    private readonly FileStream file;
    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;

    private AuditSegment(FileStream file, long size)
    {
        this.file = file;
        Size = size;
        map = MemoryMappedFile.CreateFromFile(file, null, size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        view = map.CreateViewAccessor(0, size, MemoryMappedFileAccess.ReadWrite);
        view.SafeMemoryMappedViewHandle.WriteSpan<byte>(0, Magic);
    }

    /// <summary>The file.</summary>
    public string Name => file.Name;

    /// <summary>How many bytes there is room for.</summary>
    public long Size { get; }

    /// <summary>Where the next frame goes.</summary>
    public int End { get; private set; } = Head;

    /// <summary>The number of the last event in it.</summary>
    public long Last { get; private set; }

    /// <summary>Makes the file, as large as it will ever be.</summary>
    /// <exception cref="IOException">There is no room, or no access.</exception>
    public static AuditSegment Create(string directory, int size)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;    // the owner's eyes only
        }

        var file = new FileStream(Path.Combine(directory, Guid.CreateVersion7().ToString("N") + Extension), options);
        try
        {
            var zeros = new byte[64 * 1024];
            for (long written = 0; written < size; written += zeros.Length)
            {
                file.Write(zeros, 0, (int)Math.Min(zeros.Length, size - written));
            }

            return new AuditSegment(file, size);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            File.Delete(file.Name);
            throw;
        }
    }

    /// <summary>Takes the event if there is room.</summary>
    public bool TryAppend(long number, ReadOnlySpan<byte> payload)
    {
        if (End + Frame + payload.Length > Size)
        {
            return false;
        }

        Span<byte> frame = stackalloc byte[Frame];
        WriteFrame(frame, number, payload);
        var handle = view.SafeMemoryMappedViewHandle;
        handle.WriteSpan((ulong)(End + Frame), payload);
        handle.WriteSpan<byte>((ulong)End, frame);
        handle.Write(16, number);
        Last = number;
        End += Frame + payload.Length;
        return true;
    }

    /// <summary>The bytes between two places.</summary>
    public byte[] Read(int from, int to)
    {
        var bytes = new byte[to - from];
        view.SafeMemoryMappedViewHandle.ReadSpan<byte>((ulong)from, bytes);
        return bytes;
    }

    /// <summary>Notes that the events up to this one stand in the trail.</summary>
    public void MarkStored(long number) => view.SafeMemoryMappedViewHandle.Write(24, number);

    /// <summary>Begins anew; the next event has this number.</summary>
    public void Reset(long next)
    {
        var handle = view.SafeMemoryMappedViewHandle;
        handle.Write(8, next);
        handle.Write(16, next - 1);
        handle.Write(24, next - 1);
        handle.Write(Begun, DateTime.UtcNow.Ticks);
        handle.Write(Head, 0L);
        (End, Last) = (Head, next - 1);
    }

    /// <summary>Closes the file, and takes it away.</summary>
    public void Delete()
    {
        Dispose();
        File.Delete(Name);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        view.Dispose();
        map.Dispose();
        file.Dispose();
    }

    /// <summary>The frame of an event: the check sum is over its number and its bytes.</summary>
    public static void WriteFrame(Span<byte> frame, long number, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Sum(number, payload));
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], number);
    }

    /// <summary>The check sum of an event, CRC-32C.</summary>
    public static uint Sum(long number, ReadOnlySpan<byte> payload)
    {
        var sum = BitOperations.Crc32C(uint.MaxValue, (ulong)number);
        for (; payload.Length >= sizeof(ulong); payload = payload[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(payload));
        }

        foreach (var last in payload)
        {
            sum = BitOperations.Crc32C(sum, last);
        }

        return ~sum;
    }
}
