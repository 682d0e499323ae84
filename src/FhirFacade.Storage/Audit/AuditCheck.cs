using System.Collections.Immutable;

namespace FhirFacade.Storage.Audit;

/// <summary>What a check of the trail found.</summary>
/// <param name="Blocks">The number of the last block.</param>
/// <param name="Events">How many events there are.</param>
/// <param name="Head">The hash of the last block: note it elsewhere, and the end of the trail is safe, too. Empty for a trail of nothing.</param>
/// <param name="Problems">What is wrong; empty if every event is as it was written.</param>
public sealed record AuditCheck(long Blocks, long Events, ImmutableArray<byte> Head, ImmutableArray<string> Problems)
{
    private const int MostProblems = 20;

    internal AuditCheck With(AuditBlock block, IReadOnlyList<AuditRecord> events)
    {
        var problem = block.Id != Blocks + 1 ? $"blocks {Blocks + 1} to {block.Id - 1} are missing"
            : events.Count != block.Events ? $"block {block.Id} has {events.Count} of {block.Events} events"
            : !AuditDigest.Of(events).AsSpan().SequenceEqual(block.Digest) ? $"an event of block {block.Id} was changed"
            : !AuditDigest.Chain(Head.AsSpan(), block.Digest).AsSpan().SequenceEqual(block.Hash) ? $"block {block.Id} does not follow on the block before"
            : null;
        return new(block.Id, Events + events.Count, [.. block.Hash], problem is null || Problems.Length >= MostProblems ? Problems : [.. Problems, problem]);
    }
}

/// <summary>A block as it is stored.</summary>
internal sealed record AuditBlock(long Id, int Events, byte[] Digest, byte[] Hash);
