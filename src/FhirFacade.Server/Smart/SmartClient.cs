using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using FhirFacade.Server.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Smart;

/// <summary>A registered client of the token endpoint.</summary>
/// <param name="Id">Its <c>client_id</c>.</param>
/// <param name="Scope">The widest scope it may be given, space separated.</param>
/// <param name="Keys">Its public keys (RSA of 2048 bits or more, or elliptic curve).</param>
/// <param name="SecretHash">SHA-256 of its secret; null when it signs assertions.</param>
public sealed record SmartClient(string Id, string Scope, ImmutableArray<JsonWebKey> Keys, ImmutableArray<byte>? SecretHash)
{
    /// <summary>The client that the demo switch opens: <c>demo</c> / <c>demo-secret</c>, allowed to read everything.</summary>
    public static SmartClient Demo { get; } = new("demo", "system/*.rs", [], [.. Hash("demo-secret")]);

    /// <summary>Compares in constant time.</summary>
    public bool HasSecret(string presented) =>
        SecretHash is { } known && CryptographicOperations.FixedTimeEquals(known.AsSpan(), Hash(presented));

    /// <summary>Checks one entry of the settings.</summary>
    /// <param name="options">The entry.</param>
    /// <param name="setting">Its key, for messages.</param>
    /// <exception cref="StartupException">The entry is incomplete or has no usable key; the message names the setting.</exception>
    public static SmartClient From(SmartClientOptions options, string setting)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Id.Length == 0 || options.Scope.Length == 0)
        {
            throw new StartupException($"{setting} needs an Id and a Scope");
        }
        return new SmartClient(options.Id, options.Scope, ReadKeys(Jwks(options, setting), setting), SecretHash: null);
    }

    private static string Jwks(SmartClientOptions options, string setting)
    {
        try
        {
            return options.Jwks ?? File.ReadAllText(options.JwksFile ?? throw new StartupException($"{setting} needs Jwks or JwksFile"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{setting}:JwksFile cannot be read", e);
        }
    }

    private static ImmutableArray<JsonWebKey> ReadKeys(string jwks, string setting)
    {
        JsonWebKeySet set;
        try
        {
            set = new JsonWebKeySet(jwks);
        }
        catch (ArgumentException e)
        {
            throw new StartupException($"{setting}: the JWKS cannot be read", e);
        }
        // A symmetric key in a public key set would let anybody who reads it sign (RFC 8725 section 3.5).
        ImmutableArray<JsonWebKey> keys = [.. set.Keys.Where(k => k.Kty is "RSA" && k.KeySize >= 2048 || k.Kty is "EC")];
        return keys.IsEmpty ? throw new StartupException($"{setting}: the JWKS holds no RSA (2048 bits) or EC key") : keys;
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
