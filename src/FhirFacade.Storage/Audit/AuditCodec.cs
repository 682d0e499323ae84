using System.Globalization;

namespace FhirFacade.Storage.Audit;

/// <summary>
/// An event as bytes, as it waits in the spool and stands in a block: time, status, action, flags, patients, kind, subject, client, then the rest. A patient is its
/// key, or its id where no key is known.
/// </summary>
internal static class AuditCodec
{
    private const byte Emergency = 1;

    /// <summary>The most bytes that the event takes.</summary>
    public static int Most(AuditRecord record)
    {
        var most = 64 + (record.PatientKeys.Count * 10) + AuditBytes.Most(record.Kind) + AuditBytes.Most(record.Subject) + AuditBytes.Most(record.Client)
            + AuditBytes.Most(record.Address) + AuditBytes.Most(record.Purpose) + AuditBytes.Most(record.Correlation) + AuditBytes.Most(record.Target);
        for (var i = 0; i < record.Entities.Count; i++)
        {
            most += AuditBytes.Most(record.Entities[i]);
        }

        for (var i = 0; i < record.Patients.Count; i++)
        {
            most += 5 + AuditBytes.Most(record.Patients[i]);
        }

        return most;
    }

    /// <summary>Writes it, and says how many bytes it took.</summary>
    public static int Write(AuditRecord record, Span<byte> target)
    {
        var bytes = new AuditBytes(target);
        bytes.WriteFixed(record.At.UtcTicks / TimeSpan.TicksPerMicrosecond);
        bytes.Write((ulong)record.Status);
        bytes.Write((byte)record.Action[0]);
        bytes.Write(record.IsEmergency ? Emergency : (byte)0);
        bytes.Write((ulong)(record.PatientKeys.Count + record.Patients.Count));
        for (var i = 0; i < record.PatientKeys.Count; i++)
        {
            bytes.Write((ulong)record.PatientKeys[i]);
        }

        for (var i = 0; i < record.Patients.Count; i++)
        {
            bytes.Write(0UL);       // no patient has the key 0
            bytes.Write(record.Patients[i]);
        }

        bytes.Write(record.Kind);
        bytes.Write(record.Subject);
        bytes.Write(record.Client);
        bytes.Write(record.Address);
        bytes.Write(record.Purpose);
        bytes.Write(record.Correlation);
        bytes.Write(record.Target);
        bytes.Write((ulong)record.Entities.Count);
        for (var i = 0; i < record.Entities.Count; i++)
        {
            bytes.Write(record.Entities[i]);
        }

        return bytes.Length;
    }

    /// <summary>Reads an event of a block.</summary>
    /// <param name="source">Its bytes.</param>
    /// <param name="ids">The ids of the patients whose keys stand in the block.</param>
    /// <param name="place">Where it stands.</param>
    /// <exception cref="InvalidDataException">The bytes are no event.</exception>
    public static AuditRecord Read(ReadOnlySpan<byte> source, IReadOnlyDictionary<long, string> ids, (long Block, int Number)? place)
    {
        var bytes = new AuditBytesReader(source);
        var outline = Outline(ref bytes);
        var patients = outline.Patients.Concat(outline.Keys.Select(key => ids.TryGetValue(key, out var id) ? id : key.ToString(CultureInfo.InvariantCulture))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var (address, purpose, correlation, target) = (bytes.Text(), bytes.Text(), bytes.Text(), bytes.Text());
        var entities = new string[bytes.Count()];
        for (var i = 0; i < entities.Length; i++)
        {
            entities[i] = bytes.Text();
        }

        return new(outline.At, outline.Action, outline.Kind, outline.Status, outline.Subject, outline.Client, address, purpose, correlation, target, entities, patients)
        {
            IsEmergency = outline.IsEmergency,
            Place = place,
        };
    }

    /// <summary>Adds the patients whom the event names, by key or by id.</summary>
    /// <exception cref="InvalidDataException">The bytes are no event.</exception>
    public static void AddPatients(ReadOnlySpan<byte> source, ICollection<long> keys, ICollection<string> ids)
    {
        var bytes = new AuditBytesReader(source);
        bytes.Fixed();
        bytes.Number();
        bytes.Bytes(2);
        Patients(ref bytes, keys, ids);
    }

    /// <summary>Adds what the event tells to what a block is found by (<see cref="AuditFilter"/>): action, kind, purpose, and each resource without its version.</summary>
    /// <exception cref="InvalidDataException">The bytes are no event.</exception>
    public static void AddTold(ReadOnlySpan<byte> source, ISet<ulong> told)
    {
        var bytes = new AuditBytesReader(source);
        bytes.Fixed();
        bytes.Number();
        told.Add(AuditFilter.Hash('a', bytes.Bytes(1)));
        bytes.Bytes(1);
        for (var count = bytes.Count(); count > 0; count--)
        {
            if (bytes.Number() == 0)
            {
                bytes.Bytes(bytes.Count());
            }
        }

        told.Add(AuditFilter.Hash('k', bytes.Bytes(bytes.Count())));
        for (var skipped = 0; skipped < 3; skipped++)
        {
            bytes.Bytes(bytes.Count());     // subject, client, address
        }

        told.Add(AuditFilter.Hash('p', bytes.Bytes(bytes.Count())));
        bytes.Bytes(bytes.Count());
        bytes.Bytes(bytes.Count());
        for (var count = bytes.Count(); count > 0; count--)
        {
            var entity = bytes.Bytes(bytes.Count());
            var version = entity.IndexOf("/_history/"u8);
            told.Add(AuditFilter.Hash('e', version < 0 ? entity : entity[..version]));
        }
    }

    /// <summary>What a block has to know of an event.</summary>
    /// <exception cref="InvalidDataException">The bytes are no event.</exception>
    public static AuditOutline Outline(ReadOnlySpan<byte> source)
    {
        var bytes = new AuditBytesReader(source);
        return Outline(ref bytes);
    }

    private static AuditOutline Outline(ref AuditBytesReader bytes)
    {
        var micros = bytes.Fixed();
        if (micros is < 0 or > 315_537_897_599_999_999)
        {
            throw new InvalidDataException("a time is out of range");
        }

        var at = new DateTimeOffset(micros * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        var status = (int)Math.Min(bytes.Number(), 999);
        var action = bytes.Byte() switch { (byte)'C' => "C", (byte)'R' => "R", (byte)'U' => "U", (byte)'D' => "D", _ => "E" };
        var flags = bytes.Byte();
        var keys = new List<long>();
        var patients = new List<string>();
        Patients(ref bytes, keys, patients);
        return new(at, status, action, (flags & Emergency) != 0, keys, patients, bytes.Text(), bytes.Text(), bytes.Text());
    }

    private static void Patients(ref AuditBytesReader bytes, ICollection<long> keys, ICollection<string> ids)
    {
        for (var count = bytes.Count(); count > 0; count--)
        {
            if (bytes.Number() is > 0 and var key)
            {
                keys.Add((long)key);
            }
            else
            {
                ids.Add(bytes.Text());
            }
        }
    }
}

/// <summary>The first part of an event.</summary>
internal sealed record AuditOutline(DateTimeOffset At, int Status, string Action, bool IsEmergency, List<long> Keys, List<string> Patients, string Kind, string Subject, string Client);
