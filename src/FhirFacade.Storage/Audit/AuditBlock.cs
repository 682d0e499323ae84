using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace FhirFacade.Storage.Audit;

/// <summary>Many events in one row: the ids of the patients whom they name by key, then each event after its length, compressed together.</summary>
/// <param name="Data">The compressed bytes.</param>
/// <param name="Marks">Four bytes an event, by which one that was changed can be told from its neighbours.</param>
/// <param name="Digest">SHA-256 of the bytes before they were compressed.</param>
/// <param name="Facts">What the block is found by.</param>
/// <param name="Told">A filter by what its events tell.</param>
internal sealed record AuditBlock(byte[] Data, byte[] Marks, byte[] Digest, AuditBlockFacts Facts, byte[] Told)
{
    private const byte Format = 1;

    /// <summary>The block of these events.</summary>
    /// <param name="events">As <see cref="AuditCodec"/> writes them.</param>
    /// <param name="patients">The keys of all patients that the events name, and their ids.</param>
    public static AuditBlock Of(IReadOnlyList<ReadOnlyMemory<byte>> events, IReadOnlyDictionary<long, string> patients)
    {
        var raw = new byte[16 + events.Sum(e => 5 + e.Length) + patients.Sum(patient => 10 + AuditBytes.Most(patient.Value))];
        var marks = new byte[events.Count * sizeof(uint)];
        var bytes = new AuditBytes(raw);
        bytes.Write(Format);
        bytes.Write((ulong)patients.Count);
        foreach (var (key, id) in patients.OrderBy(patient => patient.Key))
        {
            bytes.Write((ulong)key);
            bytes.Write(id);
        }

        for (var i = 0; i < events.Count; i++)
        {
            bytes.Write((ulong)events[i].Length);
            bytes.Write(events[i].Span);
            BitConverter.TryWriteBytes(marks.AsSpan(i * sizeof(uint)), AuditSegment.Sum(i + 1, events[i].Span));
        }

        using var data = new MemoryStream(bytes.Length / 2);
        using (var deflate = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(raw, 0, bytes.Length);
        }

        return new(data.ToArray(), marks, SHA256.HashData(raw.AsSpan(0, bytes.Length)), AuditBlockFacts.Of(events, patients.Keys), AuditFilter.Of(events));
    }

    /// <summary>The bytes that were compressed.</summary>
    /// <exception cref="InvalidDataException">They were not.</exception>
    public static byte[] Unpack(byte[] data)
    {
        using var raw = new MemoryStream(data.Length * 4);
        using var inflate = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress);
        inflate.CopyTo(raw);
        return raw.ToArray();
    }

    /// <summary>The ids of the patients, and the events.</summary>
    /// <exception cref="InvalidDataException">The bytes are no block.</exception>
    public static (Dictionary<long, string> Patients, List<ReadOnlyMemory<byte>> Events) Read(byte[] raw)
    {
        var bytes = new AuditBytesReader(raw);
        if (bytes.Byte() != Format)
        {
            throw new InvalidDataException("the block has a form that is not known");
        }

        var patients = new Dictionary<long, string>();
        for (var count = bytes.Count(); count > 0; count--)
        {
            patients[(long)bytes.Number()] = bytes.Text();
        }

        var events = new List<ReadOnlyMemory<byte>>();
        while (!bytes.IsAtEnd)
        {
            var length = bytes.Count();
            events.Add(raw.AsMemory(raw.Length - bytes.Left, length));
            bytes.Bytes(length);
        }

        return (patients, events);
    }

    /// <summary>The events, in their order.</summary>
    /// <exception cref="InvalidDataException">The bytes are no block.</exception>
    public static IEnumerable<AuditRecord> Records(long id, byte[] data)
    {
        var (patients, events) = Read(Unpack(data));
        return events.Select((payload, i) => AuditCodec.Read(payload.Span, patients, (id, i + 1)));
    }
}

/// <summary>What a block is found by.</summary>
/// <param name="Events">How many events.</param>
/// <param name="Failures">How many of them tell of a refusal or a failure.</param>
/// <param name="First">The earliest time.</param>
/// <param name="Last">The latest time.</param>
/// <param name="Keys">Of the patients, and less than zero of users and applications; in their order.</param>
internal sealed record AuditBlockFacts(int Events, int Failures, DateTimeOffset First, DateTimeOffset Last, ImmutableArray<long> Keys)
{
    /// <summary>Those of these events.</summary>
    /// <param name="events">As <see cref="AuditCodec"/> writes them.</param>
    /// <param name="patients">The keys of all patients that they name.</param>
    public static AuditBlockFacts Of(IReadOnlyList<ReadOnlyMemory<byte>> events, IEnumerable<long> patients)
    {
        var agents = new HashSet<string>(StringComparer.Ordinal);
        var failures = 0;
        var (first, last) = (DateTimeOffset.MaxValue, DateTimeOffset.MinValue);
        foreach (var payload in events)
        {
            var outline = AuditCodec.Outline(payload.Span);
            failures += outline.Status >= 400 ? 1 : 0;
            first = outline.At < first ? outline.At : first;
            last = outline.At > last ? outline.At : last;
            agents.Add(outline.Subject);
            agents.Add(outline.Client);
        }

        agents.Remove("");
        return new(events.Count, failures, first, last, [.. agents.Select(KeyOf).Concat(patients).Distinct().Order()]);
    }

    /// <summary>The key of a user or an application.</summary>
    public static long KeyOf(string agent) => (long)(BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(agent))) | (1UL << 63));

    /// <summary>Whether they are the same.</summary>
    public bool Equals(AuditBlockFacts? other) =>
        other is not null && (Events, Failures, First, Last) == (other.Events, other.Failures, other.First, other.Last) && Keys.SequenceEqual(other.Keys);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Events, Failures, First, Last, Keys.Length);
}
