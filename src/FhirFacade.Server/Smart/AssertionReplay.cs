using System.Collections.Concurrent;

namespace FhirFacade.Server.Smart;

/// <summary>Remembers the <c>jti</c> of each accepted client assertion until that assertion expires.</summary>
/// <remarks>
/// Only correctly signed assertions get here, and none lives longer than five minutes, so the memory is bounded by what
/// registered clients send. It is this process's own: an assertion is good for one use at each instance of the server.
/// </remarks>
public sealed class AssertionReplay(TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Client, string Jti), DateTimeOffset> used = new();
    private long lastSweep;

    /// <summary>False when the client has used this <paramref name="jti"/> before.</summary>
    public bool TryUse(string clientId, string jti, DateTimeOffset expires)
    {
        Sweep(clock.GetUtcNow());
        return used.TryAdd((clientId, jti), expires);
    }

    private void Sweep(DateTimeOffset now)
    {
        var last = Interlocked.Read(ref lastSweep);
        if (now.UtcTicks - last < TimeSpan.TicksPerMinute || Interlocked.CompareExchange(ref lastSweep, now.UtcTicks, last) != last)
        {
            return;
        }
        foreach (var (key, expires) in used)
        {
            if (expires < now)
            {
                used.TryRemove(key, out _);
            }
        }
    }
}
