using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Smart;

/// <summary>Validates access tokens and remembers for a short while those that passed, by their SHA-256.</summary>
/// <remarks>
/// Checking an ES384 signature costs as much as a read from the database. A remembered token is forgotten at its own expiry or
/// after <see cref="Longest"/>, whichever is first. A token that failed is never remembered.
/// </remarks>
public sealed class ValidatedTokens(TimeProvider clock) : JsonWebTokenHandler
{
    /// <summary>How long a token may be used without its signature being checked again.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private const int Capacity = 10_000;
    private readonly ConcurrentDictionary<Digest, Entry> passed = new();

    /// <inheritdoc/>
    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        if (string.IsNullOrEmpty(token) || token.Length > MaximumTokenSizeInBytes)
        {
            return await base.ValidateTokenAsync(token, validationParameters);
        }
        var digest = Digest.Of(token);
        var now = clock.GetUtcNow().UtcDateTime;
        if (passed.TryGetValue(digest, out var known))
        {
            if (now < known.Until)
            {
                return known.Result;
            }
            passed.TryRemove(digest, out _);
        }
        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid && result.ClaimsIdentity is not null)
        {
            Remember(digest, result, now);
        }
        return result;
    }

    private void Remember(Digest digest, TokenValidationResult result, DateTime now)
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
                return;
            }
        }
        var until = now + Longest;
        passed[digest] = new Entry(result, result.SecurityToken.ValidTo < until ? result.SecurityToken.ValidTo : until);
    }

    private sealed record Entry(TokenValidationResult Result, DateTime Until);

    private readonly record struct Digest(ulong A, ulong B, ulong C, ulong D)
    {
        public static Digest Of(string token)
        {
            // One byte a character would let two tokens meet; UTF-16 as it is in memory cannot.
            Span<ulong> hash = stackalloc ulong[4];
            SHA256.HashData(MemoryMarshal.AsBytes(token.AsSpan()), MemoryMarshal.AsBytes(hash));
            return new Digest(hash[0], hash[1], hash[2], hash[3]);
        }
    }
}
