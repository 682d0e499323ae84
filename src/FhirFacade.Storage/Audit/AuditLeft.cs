using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace FhirFacade.Storage.Audit;

/// <summary>What a file of the spool holds that does not stand in the trail yet.</summary>
internal sealed class AuditLeft
{
    private readonly string file;
    private readonly List<ReadOnlyMemory<byte>> events;
    private int done;

    private AuditLeft(string file, List<ReadOnlyMemory<byte>> events, long lost)
    {
        (this.file, this.events, Lost, Count) = (file, events, lost, events.Count);
        if (lost != 0)
        {
            events.Add(AuditSpool.Encode(new AuditRecord(
                AuditRecord.Microseconds(DateTimeOffset.UtcNow), "E", AuditKinds.Trail, 500, "", "", "", "", "", AuditKinds.LostInSpool + (lost < 0 ? "unknown" : lost.ToString(CultureInfo.InvariantCulture)), [], [])));
        }
    }

    /// <summary>How many events cannot be read any more; -1 if not even that can be told.</summary>
    public long Lost { get; }

    /// <summary>Whether a process that runs has the file: then nothing of it is read.</summary>
    public bool IsInUse { get; private init; }

    /// <summary>How many events were read.</summary>
    public int Count { get; }

    /// <summary>Reads the file of a process that has ended.</summary>
    /// <param name="file">One of <see cref="AuditSegment"/>, or of lines of JSON, as version 0.1 had them.</param>
    public static AuditLeft Open(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return file.EndsWith(AuditSegment.Extension, StringComparison.Ordinal) ? OfFrames(file, bytes) : OfLines(file, bytes);
        }
        catch (Exception exception) when (exception is EndOfStreamException or UnauthorizedAccessException)
        {
            return new(file, [], -1);
        }
        catch (IOException)
        {
            return new(file, [], 0) { IsInUse = true };     // or whoever had it is done with it, and it is gone
        }
    }

    /// <summary>The next events, at most so many; at the end one that tells of those that are lost.</summary>
    public ReadOnlyMemory<byte>[] Next(int most) => [.. events.Skip(done).Take(most)];

    /// <summary>So many more stand in the trail.</summary>
    public void Skip(int count) => done += count;

    /// <summary>All of it stands in the trail. A file that was damaged is kept under another name for whoever wants to find out why.</summary>
    public void Close()
    {
        if (IsInUse)
        {
            return;
        }

        try
        {
            if (Lost == 0)
            {
                File.Delete(file);
            }
            else
            {
                File.Move(file, file + ".damaged", overwrite: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return;     // it is read again at the next start: twice is better than never
        }
    }

    /// <summary>When the first event of the file came, for the order of files; 0 for one that does not tell.</summary>
    public static long Begun(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var head = new byte[AuditSegment.Head];
            stream.ReadExactly(head);
            return head.AsSpan().StartsWith(AuditSegment.Magic) ? BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(AuditSegment.Begun)) : 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;       // what is wrong with it, Open says
        }
    }

    private static AuditLeft OfFrames(string file, ReadOnlySpan<byte> bytes)
    {
        var events = new List<ReadOnlyMemory<byte>>();
        var isSound = bytes.Length >= AuditSegment.Head && bytes.StartsWith(AuditSegment.Magic);
        var (first, last, stored) = isSound
            ? (BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]))
            : (0, 0, 0);
        isSound = isSound && first > 0 && last >= first - 1 && stored >= first - 1 && stored <= last;
        var next = isSound ? first : 1;
        for (var at = AuditSegment.Head; at + AuditSegment.Frame <= bytes.Length && !(isSound && next > last);)
        {
            if (Number(bytes, at, next) is not { } number)
            {
                at++;       // one frame further on may be as it was
                continue;
            }

            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
            if (!isSound || number > stored)
            {
                events.Add(bytes.Slice(at + AuditSegment.Frame, length).ToArray());
            }

            at += AuditSegment.Frame + length;
            next = number + 1;
        }

        return new(file, events, isSound ? last - stored - events.Count : -1);
    }

    // The number of the frame that begins here, which none of those before it had; null where none does.
    private static long? Number(ReadOnlySpan<byte> bytes, int at, long from)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
        if (length <= 0 || length > bytes.Length - at - AuditSegment.Frame)
        {
            return null;
        }

        var number = BinaryPrimitives.ReadInt64LittleEndian(bytes[(at + 8)..]);
        return number >= from && BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]) == AuditSegment.Sum(number, bytes.Slice(at + AuditSegment.Frame, length)) ? number : null;
    }

    // A last line that was cut off was never answered.
    private static AuditLeft OfLines(string file, ReadOnlySpan<byte> bytes)
    {
        var events = new List<ReadOnlyMemory<byte>>();
        var unread = 0;
        foreach (var line in bytes.Split((byte)'\n'))
        {
            if (bytes[line] is [.., (byte)'}'] text)
            {
                try
                {
                    events.Add(AuditSpool.Encode(JsonSerializer.Deserialize<AuditRecord>(text)!));
                }
                catch (JsonException)
                {
                    unread++;
                }
            }
        }

        return new(file, events, unread);
    }
}
