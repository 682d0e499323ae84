using System.Security.Cryptography;

namespace FhirFacade.Server.Smart;

/// <summary>Seals what is kept in the database and has to be read again (signing keys, second factors) with a key that is not in it: AES-256-GCM.</summary>
public sealed class SecretBox
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly byte[] key;

    private SecretBox(byte[] key) => this.key = key;

    /// <summary>The box of a site: its key comes from the settings, else from the key directory.</summary>
    /// <exception cref="IOException">The file is unreadable, readable by others, or holds no key.</exception>
    public static SecretBox Of(SmartSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.SealingKey.IsDefault ? LoadOrCreate(settings.KeyDirectory) : new([.. settings.SealingKey]);
    }

    /// <summary>The box whose key is the file <c>sealing.key</c> in the directory, made at the first call ever.</summary>
    /// <exception cref="IOException">The file is unreadable, readable by others, or holds no key.</exception>
    public static SecretBox LoadOrCreate(string directory)
    {
        var path = Path.Combine(directory, "sealing.key");
        var key = KeyFile.ReadOrCreate(path, static () => RandomNumberGenerator.GetBytes(32));
        return key.Length == 32 ? new SecretBox(key) : throw new IOException($"key file {path} does not hold 32 bytes");
    }

    /// <summary>Seals a secret for one purpose.</summary>
    public byte[] Seal(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> purpose)
    {
        var result = new byte[NonceSize + secret.Length + TagSize];
        RandomNumberGenerator.Fill(result.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(key, TagSize);
        cipher.Encrypt(result.AsSpan(0, NonceSize), secret, result.AsSpan(NonceSize, secret.Length), result.AsSpan(NonceSize + secret.Length), purpose);
        return result;
    }

    /// <summary>Opens what was sealed for the purpose; null if it was sealed with another key, for something else, or changed since.</summary>
    public byte[]? Open(ReadOnlySpan<byte> content, ReadOnlySpan<byte> purpose)
    {
        if (content.Length < NonceSize + TagSize)
        {
            return null;
        }
        var secret = new byte[content.Length - NonceSize - TagSize];
        using var cipher = new AesGcm(key, TagSize);
        try
        {
            cipher.Decrypt(content[..NonceSize], content[NonceSize..^TagSize], content[^TagSize..], secret, purpose);
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
