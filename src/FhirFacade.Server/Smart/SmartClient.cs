using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Clients;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Smart;

/// <summary>A registered client of the authorisation server.</summary>
/// <param name="Id">Its <c>client_id</c>.</param>
/// <param name="Scope">The widest scope it may be given, space separated.</param>
/// <param name="Keys">Its public keys (RSA of 2048 bits or more, or elliptic curve).</param>
/// <param name="SecretHash">SHA-256 of its secret; null when it has none.</param>
public sealed record SmartClient(string Id, string Scope, ImmutableArray<JsonWebKey> Keys, ImmutableArray<byte>? SecretHash)
{
    /// <summary>What people are told it is called.</summary>
    public string Name { get; init; } = Id;

    /// <summary>Where its public keys are, if they are not here.</summary>
    public Uri? KeysUrl { get; init; }

    /// <summary>Where a browser may be sent back to, compared exactly. None: it works without a user.</summary>
    public ImmutableArray<string> RedirectUris { get; init; } = [];

    /// <summary>Where an EHR launch begins.</summary>
    public string? LaunchUrl { get; init; }

    /// <summary>How it proves who it is.</summary>
    public ClientKind Kind => SecretHash is not null ? ClientKind.Symmetric : Keys.IsEmpty && KeysUrl is null ? ClientKind.Public : ClientKind.Asymmetric;

    /// <summary>Whether the word is in its scope as it stands: for scopes that are no resource scopes.</summary>
    public bool May(string word) => Scope.Split(' ').Contains(word, StringComparer.Ordinal);

    /// <summary>The client that the demo switch opens: <c>demo</c> / <c>demo-secret</c>, allowed to read everything.</summary>
    public static SmartClient Demo { get; } = new("demo", "system/*.rs", [], [.. Hash("demo-secret")]);

    /// <summary>The app that the demo switch opens: public, on this machine only.</summary>
    public static SmartClient DemoApp { get; } = new(
        "demo-app", "openid fhirUser profile launch launch/patient launch/encounter online_access offline_access patient/*.rs user/*.rs", [], null)
    {
        Name = "Demonstration app",
        RedirectUris = ["http://127.0.0.1:3000/callback", "http://localhost:3000/callback"],
        LaunchUrl = "http://127.0.0.1:3000/launch",
    };

    /// <summary>SHA-256 of a secret. A secret is long and random, so that nothing slower is needed.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>The client that is in the database.</summary>
    public static SmartClient From(RegisteredClient registered)
    {
        ArgumentNullException.ThrowIfNull(registered);
        return new SmartClient(registered.Id, registered.Scope, registered.Jwks is { } jwks ? ReadKeys(jwks) : [], registered.SecretHash is { } hash ? [.. hash] : null)
        {
            Name = registered.Name,
            KeysUrl = registered.JwksUrl is { } url ? new Uri(url) : null,
            RedirectUris = registered.RedirectUris,
            LaunchUrl = registered.LaunchUrl,
        };
    }

    /// <summary>The usable keys of a JWKS; none if it cannot be read.</summary>
    public static ImmutableArray<JsonWebKey> ReadKeys(string jwks)
    {
        try
        {
            // A symmetric key in a public key set would let anybody who reads it sign (RFC 8725 section 3.5).
            return [.. new JsonWebKeySet(jwks).Keys.Where(k => (k.Kty is "RSA" && k.KeySize >= 2048) || k.Kty is "EC")];
        }
        catch (ArgumentException)
        {
            return [];      // no JWKS holds no key
        }
    }

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
        var keys = ReadKeys(Jwks(options, setting));
        return keys.IsEmpty ? throw new StartupException($"{setting}: the JWKS holds no RSA (2048 bits) or EC key") : new SmartClient(options.Id, options.Scope, keys, SecretHash: null);
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
}
