using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Smart;

/// <summary>The P-384 key with which this server signs its access tokens (ES384, RFC 7518 section 3.4).</summary>
public sealed class SigningKey : IDisposable
{
    private readonly ECDsa key;

    private SigningKey(ECDsa key)
    {
        this.key = key;
        // The shared cache of signature providers would outlive this key, and hand a disposed one to the next of the same id.
        SecurityKey = new ECDsaSecurityKey(key) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } };
        PublicKey = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(
            new ECDsaSecurityKey(ECDsa.Create(key.ExportParameters(includePrivateParameters: false))));
        PublicKey.KeyId = Base64UrlEncoder.Encode(PublicKey.ComputeJwkThumbprint());
        PublicKey.Alg = SecurityAlgorithms.EcdsaSha384;
        PublicKey.Use = "sig";
        SecurityKey.KeyId = PublicKey.KeyId;
        Credentials = new SigningCredentials(SecurityKey, SecurityAlgorithms.EcdsaSha384);
    }

    /// <summary>The key with its private part; its id is the RFC 7638 thumbprint.</summary>
    public ECDsaSecurityKey SecurityKey { get; }

    /// <summary>The public half, as published in the JWKS.</summary>
    public JsonWebKey PublicKey { get; }

    /// <summary>What a token is signed with.</summary>
    public SigningCredentials Credentials { get; }

    /// <summary>The key kept under <paramref name="directory"/>, made at the first call ever.</summary>
    /// <exception cref="IOException">The file is unreadable, readable by others, or holds no P-384 key.</exception>
    public static SigningKey LoadOrCreate(string directory)
    {
        var path = Path.Combine(directory, "signing-es384.pem");
        var pem = KeyFile.ReadOrCreate(path, static () =>
        {
            using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP384);
            return Encoding.ASCII.GetBytes(fresh.ExportPkcs8PrivateKeyPem());
        });
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(Encoding.ASCII.GetString(pem));
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new IOException($"key file {path} holds no private key in PEM form", e);
        }
        if (key.KeySize != 384)
        {
            key.Dispose();
            throw new IOException($"key file {path} holds a key of another curve than P-384");
        }
        return new SigningKey(key);
    }

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();
}
