using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace FhirFacade.Storage.Audit;

/// <summary>The hash of a block whose events have rows of their own, as version 0.1 wrote them: over every field of every event, in order.</summary>
internal static class EarlierDigest
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
