using System.Diagnostics;

namespace FhirFacade.Fuzz.Mutation;

/// <summary>Takes pieces out of an input as long as it shows the same.</summary>
internal static class Minimiser
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>The smallest input found within a minute.</summary>
    public static byte[] Reduce(byte[] input, Func<byte[], bool> shows)
    {
        var clock = Stopwatch.StartNew();
        var least = input;
        for (var length = Math.Max(1, least.Length / 2); length > 0 && clock.Elapsed < Longest; length /= 2)
        {
            for (var at = 0; at < least.Length && clock.Elapsed < Longest;)
            {
                byte[] candidate = [.. least.AsSpan(0, at), .. least.AsSpan(Math.Min(least.Length, at + length))];
                if (shows(candidate))
                {
                    least = candidate;
                }
                else
                {
                    at += length;
                }
            }
        }

        return least;
    }
}
