using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using FhirFacade.Storage.Authorizations;

namespace FhirFacade.Server.Smart;

/// <summary>Access tokens that are refused although they have not expired. The list is kept in memory, so that every request can be held against it.</summary>
public sealed class RevokedTokens(RevocationStore store, SmartSettings settings, TimeProvider clock)
{
    /// <summary>The claim that names the authorisation which a token comes from.</summary>
    public const string AuthorizationClaim = "authorization_id";

    private readonly ConcurrentDictionary<string, (long RevokedAt, DateTimeOffset Expires)> list = new(StringComparer.Ordinal);

    /// <summary>Refuses one token.</summary>
    public Task RevokeTokenAsync(string tokenId, CancellationToken cancellationToken) => AddAsync("token " + tokenId, cancellationToken);

    /// <summary>Refuses every token that came from the authorisation.</summary>
    public Task RevokeAuthorizationAsync(Guid authorization, CancellationToken cancellationToken) => AddAsync($"authorization {authorization:N}", cancellationToken);

    /// <summary>Refuses every token that the client has got up to now.</summary>
    public Task RevokeClientAsync(string clientId, CancellationToken cancellationToken) => AddAsync("client " + clientId, cancellationToken);

    /// <summary>Refuses every token for the person up to now.</summary>
    public Task RevokeAccountAsync(Guid account, CancellationToken cancellationToken) => AddAsync($"account {account:N}", cancellationToken);

    /// <summary>Whether the token that somebody came with is on the list.</summary>
    public bool IsRevoked(ClaimsPrincipal caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (list.IsEmpty)
        {
            return false;
        }
        var signedAt = long.TryParse(caller.FindFirst("iat")?.Value, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;
        return Holds("token ", caller.FindFirst("jti")?.Value, 0)
            || Holds("authorization ", caller.FindFirst(AuthorizationClaim)?.Value, 0)
            || Holds("client ", caller.FindFirst("client_id")?.Value, signedAt)
            || Holds("account ", caller.FindFirst("sub")?.Value, signedAt);
    }

    /// <summary>Reads the list anew.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, revokedAt, expires) in await store.ReadAsync(cancellationToken))
        {
            list[key] = (revokedAt.ToUnixTimeSeconds(), expires);
        }
        var now = clock.GetUtcNow();
        foreach (var (key, entry) in list)
        {
            if (entry.Expires < now)
            {
                list.TryRemove(key, out _);
            }
        }
    }

    private bool Holds(string kind, string? id, long signedAt) => id is not null && list.TryGetValue(kind + id, out var entry) && signedAt <= entry.RevokedAt;

    private async Task AddAsync(string key, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var expires = now + (settings.TokenLifetime > TimeSpan.FromHours(1) ? settings.TokenLifetime : TimeSpan.FromHours(1)) + TimeSpan.FromMinutes(5);
        list[key] = (now.ToUnixTimeSeconds(), expires);
        await store.AddAsync(key, expires, cancellationToken);
    }
}
