using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Smart;

/// <summary>A key with which this server signs: P-384 for access tokens (ES384), RSA for id_tokens (RS256, which every OpenID Connect client knows).</summary>
public sealed class SigningKey : IDisposable
{
    private readonly AsymmetricAlgorithm key;

    private SigningKey(AsymmetricAlgorithm key, SecurityKey securityKey, JsonWebKey publicKey, string algorithm)
    {
        this.key = key;
        // The shared cache of signature providers would outlive this key, and hand a disposed one to the next of the same id.
        securityKey.CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false };
        PublicKey = publicKey;
        PublicKey.KeyId = Base64UrlEncoder.Encode(PublicKey.ComputeJwkThumbprint());
        PublicKey.Alg = algorithm;
        PublicKey.Use = "sig";
        securityKey.KeyId = PublicKey.KeyId;
        SecurityKey = securityKey;
        Credentials = new SigningCredentials(securityKey, algorithm);
    }

    /// <summary>The key with its private part; its id is the RFC 7638 thumbprint.</summary>
    public SecurityKey SecurityKey { get; }

    /// <summary>The public half, as published in the JWKS.</summary>
    public JsonWebKey PublicKey { get; }

    /// <summary>What a token is signed with.</summary>
    public SigningCredentials Credentials { get; }

    /// <summary>A new key.</summary>
    /// <param name="algorithm"><c>ES384</c> or <c>RS256</c>.</param>
    public static SigningKey Create(string algorithm) =>
        algorithm == SecurityAlgorithms.EcdsaSha384 ? Of(ECDsa.Create(ECCurve.NamedCurves.nistP384)) : Of(RSA.Create(2048));

    /// <summary>Reads what <see cref="Export"/> wrote.</summary>
    /// <exception cref="CryptographicException">It is no such key.</exception>
    public static SigningKey Import(string algorithm, ReadOnlySpan<byte> pkcs8)
    {
        AsymmetricAlgorithm key = algorithm == SecurityAlgorithms.EcdsaSha384 ? ECDsa.Create() : RSA.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return key is ECDsa ecdsa ? Of(ecdsa) : Of((RSA)key);
    }

    /// <summary>The private key (PKCS #8).</summary>
    public byte[] Export() => key.ExportPkcs8PrivateKey();

    /// <summary>The public half as it is published (RFC 7517).</summary>
    public string ToJwk() => PublicKey.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve
        ? $$"""{"kty":"EC","crv":"{{PublicKey.Crv}}","x":"{{PublicKey.X}}","y":"{{PublicKey.Y}}","kid":"{{PublicKey.Kid}}","alg":"{{PublicKey.Alg}}","use":"sig"}"""
        : $$"""{"kty":"RSA","n":"{{PublicKey.N}}","e":"{{PublicKey.E}}","kid":"{{PublicKey.Kid}}","alg":"{{PublicKey.Alg}}","use":"sig"}""";

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();

    private static SigningKey Of(ECDsa key) => new(key, new ECDsaSecurityKey(key),
        JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ECDsa.Create(key.ExportParameters(includePrivateParameters: false)))), SecurityAlgorithms.EcdsaSha384);

    private static SigningKey Of(RSA key) => new(key, new RsaSecurityKey(key),
        JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(key.ExportParameters(includePrivateParameters: false))), SecurityAlgorithms.RsaSha256);
}
