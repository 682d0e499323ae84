using System.Text;

namespace FhirFacade.Storage.Audit;

/// <summary>
/// A filter of a block (Bloom) by what its events tell: action, interaction, purpose, and the resources that they are about. It says for certain that a block has no such event, and of one in a
/// hundred others that it may.
/// </summary>
internal static class AuditFilter
{
    private const int BitsOfEach = 10;
    private const int Least = 64;
    private const int Most = 1 << 22;
    private const int Probes = 4;

    /// <summary>The filter of a block's events.</summary>
    /// <param name="events">As <see cref="AuditCodec"/> writes them.</param>
    public static byte[] Of(IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        var told = new HashSet<ulong>();
        foreach (var payload in events)
        {
            AuditCodec.AddTold(payload.Span, told);
        }

        var bits = Math.Clamp((told.Count * BitsOfEach + Least - 1) / Least * Least, Least, Most);
        var filter = new byte[bits / 8];
        foreach (var hash in told)
        {
            var (one, two) = Numbers(hash);
            for (var probe = 0; probe < Probes; probe++)
            {
                var bit = (one + (probe * two)) % bits;
                filter[bit >> 3] |= (byte)(1 << (int)(bit & 7));
            }
        }

        return filter;
    }

    /// <summary>What a query asks for, as the numbers that the database asks a filter by.</summary>
    public static IEnumerable<(long One, long Two)> In(AuditQuery query) => new (char Kind, string? Value)[] { ('a', query.Action), ('k', query.Kind), ('p', query.Purpose), ('e', query.Entity) }
        .Where(asked => asked.Value is not null).Select(asked => Numbers(Hash(asked.Kind, Encoding.UTF8.GetBytes(asked.Value!))));

    /// <summary>The number of one thing told: FNV-1a, stirred. It finds blocks, and decides nothing.</summary>
    public static ulong Hash(char kind, ReadOnlySpan<byte> value)
    {
        var hash = (0xcbf29ce484222325 ^ kind) * 0x100000001b3;
        foreach (var one in value)
        {
            hash = (hash ^ one) * 0x100000001b3;
        }

        hash = (hash ^ (hash >> 32)) * 0xd6e8feb86659fd93;
        return hash ^ (hash >> 32);
    }

    private static (long One, long Two) Numbers(ulong hash) => ((long)(hash & 0x7FFF_FFFF), (long)((hash >> 32) & 0x7FFF_FFFF) | 1);
}
