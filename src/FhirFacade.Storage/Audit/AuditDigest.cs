using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace FhirFacade.Storage.Audit;

/// <summary>The bytes of which the trail's hashes are made: every field of every event of a block, in order.</summary>
internal static class AuditDigest
{
    /// <summary>SHA-256 of the events, each written as a JSON array in a line of its own.</summary>
    public static byte[] Of(IEnumerable<AuditRecord> events)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(bytes);
        foreach (var e in events)
        {
            json.WriteStartArray();
            json.WriteNumberValue(e.At.UtcTicks / TimeSpan.TicksPerMicrosecond);
            json.WriteNumberValue(e.Status);
            foreach (var text in new[] { e.Action, e.Kind, e.Subject, e.Client, e.Address, e.Purpose, e.Correlation, e.Target })
            {
                json.WriteStringValue(text);
            }

            Write(json, e.Entities);
            Write(json, e.Patients);
            json.WriteEndArray();
            json.Flush();
            bytes.Write("\n"u8);
            hash.AppendData(bytes.WrittenSpan);
            bytes.ResetWrittenCount();
            json.Reset();
        }

        return hash.GetHashAndReset();
    }

    /// <summary>The hash of a block after another; of the first block after nothing.</summary>
    public static byte[] Chain(ReadOnlySpan<byte> before, ReadOnlySpan<byte> digest) => SHA256.HashData([.. before, .. digest]);

    private static void Write(Utf8JsonWriter json, IReadOnlyList<string> texts)
    {
        json.WriteStartArray();
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
