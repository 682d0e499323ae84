using System.Globalization;
using System.Security.Cryptography;

namespace FhirFacade.Storage.Audit;

/// <summary>What a check of the trail found.</summary>
public sealed class AuditCheck
{
    private const int MostProblems = 20;
    private readonly List<string> problems = [];
    private readonly AuditRemoval? removed;
    private bool isRemovalTold;

    internal AuditCheck(AuditRemoval? removed)
    {
        this.removed = removed;
        (Blocks, Head) = (removed?.Through ?? 0, removed?.Hash ?? []);
    }

    /// <summary>The number of the last block.</summary>
    public long Blocks { get; private set; }

    /// <summary>How many events there are.</summary>
    public long Events { get; private set; }

    /// <summary>How many events were taken out because they were old, as the trail itself tells.</summary>
    public long Removed => removed?.Events ?? 0;

    /// <summary>The hash of the last block: note it elsewhere, and the end of the trail is safe, too. Empty for a trail of nothing.</summary>
    public ReadOnlyMemory<byte> Head { get; private set; }

    /// <summary>What is wrong; empty if every event is as it was written.</summary>
    public IReadOnlyList<string> Problems => problems;

    internal void Add(AuditRow block, IReadOnlyList<AuditRecord>? earlier)
    {
        if (block.Id != Blocks + 1)
        {
            Report($"blocks {Blocks + 1} to {block.Id - 1} are missing");
        }

        if (earlier is not null)
        {
            AddEarlier(block, earlier);
        }
        else
        {
            AddEvents(block);
        }

        if (!AuditChain.Hash(Head.Span, block.Digest).AsSpan().SequenceEqual(block.Hash))
        {
            Report($"block {block.Id} does not follow on the block before");
        }

        (Blocks, Events, Head) = (block.Id, Events + block.Events, block.Hash);
    }

    internal void End(long strays)
    {
        if (strays > 0)
        {
            Report($"{strays} events stand in no block");
        }

        if (removed is not null && !isRemovalTold)
        {
            Report($"blocks up to {removed.Through} were removed, and no event tells of it");
        }
    }

    private void AddEarlier(AuditRow block, IReadOnlyList<AuditRecord> events)
    {
        if (events.Count != block.Events)
        {
            Report($"block {block.Id} has {events.Count} of {block.Events} events");
        }
        else if (!EarlierDigest.Of(events).AsSpan().SequenceEqual(block.Digest))
        {
            Report($"an event of block {block.Id} was changed");
        }
    }

    private void AddEvents(AuditRow block)
    {
        try
        {
            var raw = AuditBlock.Unpack(block.Data!);
            var isSound = SHA256.HashData(raw).AsSpan().SequenceEqual(block.Digest);
            var (patients, events) = AuditBlock.Read(raw);
            if (!isSound)
            {
                var changed = Enumerable.Range(0, Math.Min(events.Count, block.Marks.Length / sizeof(uint)))
                    .Where(i => AuditSegment.Sum(i + 1, events[i].Span) != BitConverter.ToUInt32(block.Marks, i * sizeof(uint))).Select(i => $"{block.Id}-{i + 1}").ToList();
                Report($"block {block.Id} was changed" + (changed.Count == 0 ? "" : ": AuditEvent " + string.Join(", ", changed)));
            }
            else if (AuditBlockFacts.Of(events, patients.Keys) is var facts && (facts != block.Facts || (block.Told is { } told && !AuditFilter.Of(events).AsSpan().SequenceEqual(told))))
            {
                Report($"block {block.Id} has {facts.Events} events, and is not found by what they tell");
            }

            foreach (var record in events.Select(payload => AuditCodec.Outline(payload.Span)).Any(outline => outline.Kind == AuditKinds.Trail) ? AuditBlock.Records(block.Id, block.Data!) : [])
            {
                AddOfTrail(record);
            }
        }
        catch (InvalidDataException)
        {
            Report($"block {block.Id} was changed: it cannot be read");
        }
    }

    private void AddOfTrail(AuditRecord record)
    {
        if (record.Kind != AuditKinds.Trail)
        {
            return;
        }

        if (record.Target.StartsWith(AuditKinds.LostInSpool, StringComparison.Ordinal))
        {
            Report(string.Create(CultureInfo.InvariantCulture, $"a file of the spool was damaged; events that are lost: {record.Target[AuditKinds.LostInSpool.Length..]} (told by AuditEvent {record.Place!.Value.Block}-{record.Place.Value.Number}, {record.At.UtcDateTime:yyyy-MM-dd HH:mm:ss})"));
        }

        isRemovalTold = isRemovalTold || (removed is not null && record.Target == removed.Target);
    }

    private void Report(string problem)
    {
        if (problems.Count < MostProblems)
        {
            problems.Add(problem);
        }
    }
}
