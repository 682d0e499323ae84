using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FhirFacade.Server.Smart.Accounts;

/// <summary>One-time codes of an authenticator app: RFC 6238 with SHA-1, six digits, thirty seconds, which is what all of them know.</summary>
public static class Totp
{
    private const int StepSeconds = 30;
    private const int Tolerance = 1;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>A new secret: as long as the hash, as RFC 4226 section 4 asks.</summary>
    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(20);

    /// <summary>The time step whose code this is: now, the one before or the one after; null if it is none of them.</summary>
    public static long? StepOf(ReadOnlySpan<byte> secret, string code, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(code);
        var current = now.ToUnixTimeSeconds() / StepSeconds;
        long? found = null;
        for (var step = current - Tolerance; step <= current + Tolerance; step++)
        {
            // Every step is compared, in constant time, so that nothing is learnt from how long it takes.
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Code(secret, step)), Encoding.UTF8.GetBytes(code)))
            {
                found = step;
            }
        }
        return found;
    }

    /// <summary>The code of a time step (RFC 4226 section 5.3).</summary>
    public static string Code(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6238: authenticator apps know HMAC with SHA-1, whose strength does not rest on collisions.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash[(hash[^1] & 0x0f)..]) & 0x7fff_ffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>What an authenticator app reads as a picture or takes as a link.</summary>
    public static string Link(ReadOnlySpan<byte> secret, string userName) =>
        $"otpauth://totp/FhirFacade:{Uri.EscapeDataString(userName)}?secret={Encode(secret)}&issuer=FhirFacade&algorithm=SHA1&digits=6&period={StepSeconds}";

    private static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var (bits, count) = (0, 0);
        foreach (var b in bytes)
        {
            bits = (bits << 8) | b;
            for (count += 8; count >= 5; count -= 5)
            {
                text.Append(Base32[(bits >> (count - 5)) & 31]);
            }
            bits &= (1 << count) - 1;
        }
        return (count > 0 ? text.Append(Base32[(bits << (5 - count)) & 31]) : text).ToString();
    }
}
