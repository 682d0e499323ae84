using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.SearchParameters.Extraction;

/// <summary>
/// Systems, codes, displays and units repeat from resource to resource; here they are made into strings once. A fixed number
/// of slots, each keeping the last text that fell into it; entries are replaced whole, so that threads may race.
/// Never used for what identifies a person.
/// </summary>
internal static class CodedTextPool
{
    private const int Slots = 2048;
    private const int LongestText = 120;
    private static readonly Entry?[] entries = new Entry?[Slots];

    /// <summary>The element's text; null where it is none or empty.</summary>
    public static string? CodedText(this JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var utf8 = JsonMarshal.GetRawUtf8Value(json)[1..^1];
        if (utf8.Length is 0 or > LongestText || utf8.Contains((byte)'\\'))
        {
            return json.NonEmptyText();
        }

        ref var slot = ref entries[Hash(utf8) % Slots];
        var entry = Volatile.Read(ref slot);
        if (entry is null || !utf8.SequenceEqual(entry.Utf8))
        {
            entry = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
            Volatile.Write(ref slot, entry);
        }

        return entry.Text;
    }

    /// <summary>The property's text; null where it has none or an empty one.</summary>
    public static string? CodedText(this JsonElement json, ReadOnlySpan<byte> property) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(property, out var value) ? value.CodedText() : null;

    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = (ulong)utf8.Length;
        while (utf8.Length >= 8)
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(utf8)) * 0x9E3779B97F4A7C15;
            utf8 = utf8[8..];
        }

        foreach (var b in utf8)
        {
            hash = (hash ^ b) * 0x100000001B3;
        }

        return (uint)(hash >> 32);
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
