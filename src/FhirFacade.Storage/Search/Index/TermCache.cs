using System.Buffers.Binary;
using System.Numerics;

namespace FhirFacade.Storage.Search.Index;

/// <summary>
/// Terms that were made lately: resources repeat the same codes, systems, units and patients, and a SHA-256 costs more than all else that is
/// done for a value. An entry is compared as a whole, so that what is found is what would be made. Safe to share; it never grows.
/// </summary>
internal static class TermCache
{
    /// <summary>Longer inputs are rarely the same twice.</summary>
    public const int LongestInput = 192;

    private const int Places = 1 << 15;

    // Each place holds whatever came last; a torn read cannot happen, since an entry is never changed.
    private static readonly Entry?[] Entries = new Entry?[Places];

    /// <summary>The term of an input that is in the cache.</summary>
    /// <param name="input">What the term is the hash of.</param>
    /// <param name="place">Where it is or would be.</param>
    /// <param name="term">The term, if it is there.</param>
    public static bool TryGet(ReadOnlySpan<byte> input, out int place, out long term)
    {
        place = PlaceOf(input);
        var entry = Volatile.Read(ref Entries[place]);
        term = entry?.Term ?? 0;
        return entry is not null && input.SequenceEqual(entry.Input);
    }

    /// <summary>Keeps a term in its place.</summary>
    public static void Keep(int place, ReadOnlySpan<byte> input, long term)
    {
        if (input.Length <= LongestInput)
        {
            Volatile.Write(ref Entries[place], new Entry(input.ToArray(), term));
        }
    }

    // Who finds inputs that share a place gains nothing but that they are hashed again.
    private static int PlaceOf(ReadOnlySpan<byte> input)
    {
        uint low = 0, high = 1;
        while (input.Length >= 16)
        {
            low = BitOperations.Crc32C(low, BinaryPrimitives.ReadUInt64LittleEndian(input));
            high = BitOperations.Crc32C(high, BinaryPrimitives.ReadUInt64LittleEndian(input[8..]));
            input = input[16..];
        }

        foreach (var unit in input)
        {
            low = BitOperations.Crc32C(low, unit);
        }

        return (int)((low ^ BitOperations.RotateLeft(high, 15)) % Places);
    }

    private sealed record Entry(byte[] Input, long Term);
}
