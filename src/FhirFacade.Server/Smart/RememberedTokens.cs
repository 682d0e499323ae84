using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Claims;
using System.Security.Cryptography;
using FhirFacade.Fhir.Sensitivity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart;

/// <summary>Authenticates requests by their bearer token, and remembers for a short while those tokens that passed, by SHA-256, and on a connection by the text itself.</summary>
/// <remarks>
/// Checking an ES384 signature costs more than reading a resource does. A remembered token is forgotten at its own expiry or after
/// <see cref="Longest"/>, whichever is first, and when there are other sensitive categories than those by which its grant was made. One that failed is never remembered, and one that was
/// revoked is refused at once (<see cref="RevokedTokens"/>).
/// </remarks>
public sealed class RememberedTokens(RevokedTokens revoked, TimeProvider clock)
{
    /// <summary>How long a token may be used without its signature being checked again.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private const int Capacity = 10_000;
    private readonly ConcurrentDictionary<Digest, PassedToken> passed = new();

    /// <summary>Middleware, in the place of the framework's own. Whether the caller may go on is decided by the route's policy.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(next);
        var authorization = http.Request.Headers.Authorization;
        if (authorization.Count != 1 || authorization[0] is not { } header)
        {
            return next(http);
        }
        var now = clock.GetUtcNow();
        var ofConnection = http.Features.Get<ConnectionToken>();
        if (ofConnection?.Find(header) is { } last && IsFresh(last, now))
        {
            return PassAsync(http, last.Principal, next);
        }
        var digest = Digest.Of(header);
        if (passed.TryGetValue(digest, out var known) && IsFresh(known, now))
        {
            ofConnection?.Remember(header, known);
            return PassAsync(http, known.Principal, next);
        }
        return AuthenticateAsync(http, digest, next);
    }

    private static bool IsFresh(PassedToken token, DateTimeOffset now) => now < token.Until && ReferenceEquals(token.Rules, SensitivityRules.Served);

    private Task PassAsync(HttpContext http, ClaimsPrincipal principal, RequestDelegate next)
    {
        if (!revoked.IsRevoked(principal))
        {
            http.User = principal;
        }
        return next(http);
    }

    private async Task AuthenticateAsync(HttpContext http, Digest digest, RequestDelegate next)
    {
        var rules = SensitivityRules.Served;
        var result = await http.AuthenticateAsync();
        if (result is { Succeeded: true, Principal: { } principal, Properties.ExpiresUtc: { } expires })
        {
            if (!revoked.IsRevoked(principal))
            {
                http.User = principal;
            }
            Remember(digest, new PassedToken(principal, expires, rules), clock.GetUtcNow());
        }
        await next(http);
    }

    private void Remember(Digest digest, PassedToken passing, DateTimeOffset now)
    {
        if (passed.Count >= Capacity)
        {
            foreach (var (key, entry) in passed)
            {
                if (entry.Until <= now)
                {
                    passed.TryRemove(key, out _);
                }
            }
            if (passed.Count >= Capacity)
            {
                return;     // more callers than are remembered: the rest pay for a signature each time
            }
        }
        var until = now + Longest;
        passed[digest] = passing.Until < until ? passing : passing with { Until = until };
    }

    private readonly record struct Digest(ulong A, ulong B, ulong C, ulong D)
    {
        public static Digest Of(string header)
        {
            Span<ulong> hash = stackalloc ulong[4];
            SHA256.HashData(MemoryMarshal.AsBytes(header.AsSpan()), MemoryMarshal.AsBytes(hash));
            return new Digest(hash[0], hash[1], hash[2], hash[3]);
        }
    }
}
