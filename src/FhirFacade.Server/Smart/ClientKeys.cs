using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using FhirFacade.Server.Outbound;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Smart;

/// <summary>The public keys of clients; those at an address of the client's are fetched, and kept for a while.</summary>
public sealed class ClientKeys(OutboundHttp http, TimeProvider clock)
{
    private const int LargestSet = 64 * 1024;
    private const int MostSets = 1_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Uri, (ImmutableArray<JsonWebKey> Keys, DateTimeOffset At)> fetched = new();

    /// <summary>The keys, with the one of that id if the client has it by now. A client's address is not asked more often than every ten seconds.</summary>
    public async Task<ImmutableArray<JsonWebKey>> FindAsync(SmartClient client, string? kid, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (client.KeysUrl is not { } url)
        {
            return client.Keys;
        }
        var now = clock.GetUtcNow();
        if (fetched.TryGetValue(url, out var known) && now - known.At < (known.Keys.Any(k => k.Kid == kid) ? Fresh : Soonest))
        {
            return known.Keys;
        }
        var body = await http.GetAsync(url, LargestSet, cancellationToken);
        var keys = body is null ? [] : SmartClient.ReadKeys(Encoding.UTF8.GetString(body));
        if (fetched.Count >= MostSets)
        {
            fetched.Clear();
        }
        fetched[url] = (keys, now);
        return keys;
    }
}
