using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirFacade.Server.Ingest.UsCore;

/// <summary>
/// A hash of what decides whether a resource conforms to a profile: its elements, its codes, systems, units and urls, the types of what it refers
/// to, the precision of its times and the signs of its numbers, and whether a period or a range runs backwards. Names, texts and measured values do not count, so that the results of a
/// thousand patients have one shape.
/// </summary>
internal static class ContentShape
{
    // Rules of US Core look at the check digits of their identifiers.
    private static readonly string[] Whole = ["Practitioner", "Organization", "PractitionerRole"];

    // Properties whose text no rule looks into, beyond that there is one.
    private static readonly FrozenSet<string> Free = new[]
    {
        "text", "display", "valueString", "family", "given", "prefix", "suffix", "line", "city", "district", "state", "postalCode", "div", "data", "description", "title", "comment",
        "subscriberId", "lotNumber", "patientInstruction", "name", "value",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static UInt128 Of(JsonObject resource)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        var isWhole = Whole.Contains((string?)resource["resourceType"]);
        foreach (var (name, value) in resource)
        {
            if (name != "id")
            {
                Property(name, value, isWhole, buffer);
            }
        }

        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(buffer.WrittenSpan, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private static void Property(string name, JsonNode? value, bool isWhole, ArrayBufferWriter<byte> buffer)
    {
        // Which message it came from, and when, says nothing.
        if (name == "source")
        {
            return;
        }

        Write(name, buffer);
        Write(":", buffer);
        Node(name, value, isWhole, buffer);
    }

    private static void Node(string name, JsonNode? node, bool isWhole, ArrayBufferWriter<byte> buffer)
    {
        switch (node)
        {
            case JsonObject element:
                Write(RunsForward(element) ? "{" : "{<", buffer);
                foreach (var (child, value) in element)
                {
                    Property(child, value, isWhole, buffer);
                }

                Write("}", buffer);
                break;
            case JsonArray list:
                Write("[", buffer);
                foreach (var item in list)
                {
                    Node(name, item, isWhole, buffer);
                }

                Write("]", buffer);
                break;
            case null:
                Write("null,", buffer);
                break;
            default:
                Value(name, node, isWhole, buffer);
                Write(",", buffer);
                break;
        }
    }

    // Period (per-1) and Range (rng-2) have rules about their order; times that cannot be compared as texts count as backwards, which is a shape, too.
    private static bool RunsForward(JsonObject element) => (element["start"], element["end"], element["low"], element["high"]) switch
    {
        (JsonValue start, JsonValue end, _, _) when start.TryGetValue<string>(out var from) && end.TryGetValue<string>(out var to) =>
            from.Length == to.Length && (from.Length <= 10 || Offset(from).SequenceEqual(Offset(to))) && string.CompareOrdinal(from, to) <= 0,
        (_, _, JsonObject low, JsonObject high) when Number(low) is { } from && Number(high) is { } to => from <= to,
        _ => true,
    };

    private static ReadOnlySpan<char> Offset(string time) => time.Length < 20 ? time : time.AsSpan(19).TrimStart(".0123456789");

    private static decimal? Number(JsonObject quantity) =>
        quantity["value"] is JsonValue value && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Sign(JsonNode value) =>
        decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number > 0 ? "1" : number < 0 ? "-1" : "0" : value.ToJsonString();

    private static void Value(string name, JsonNode value, bool isWhole, ArrayBufferWriter<byte> buffer)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.Number:
                Write(isWhole ? value.ToJsonString() : Sign(value), buffer);
                break;
            case JsonValueKind.String:
                Text(name, (string)value!, isWhole, buffer);
                break;
            case var kind:
                Write(kind == JsonValueKind.True ? "true" : "false", buffer);
                break;
        }
    }

    private static bool IsTime(ReadOnlySpan<char> text) =>
        text.Length >= 7 ? text[4] == '-' && !text[..4].ContainsAnyExceptInRange('0', '9') && (text.Length == 7 || text[7] == '-') : text.Length == 4 && !text.ContainsAnyExceptInRange('0', '9');

    private static void Text(string name, string text, bool isWhole, ArrayBufferWriter<byte> buffer)
    {
        if (isWhole)
        {
            Write(text, buffer);
        }
        else if (name == "reference")
        {
            var slash = text.IndexOf('/', StringComparison.Ordinal);
            Write(slash < 0 ? text : text[..slash], buffer);
        }
        else if (Free.Contains(name))
        {
            Write(text.Length > 0 && text.AsSpan().Trim().Length == text.Length ? "\"\"" : text, buffer);
        }
        else if (name != "code" && IsTime(text))
        {
            // A date or time: how precise it is counts, not when.
            Write(string.Create(text.Length, text, static (span, from) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = char.IsAsciiDigit(from[i]) ? '0' : from[i];
                }
            }), buffer);
        }
        else
        {
            Write(text, buffer);
        }
    }

    private static void Write(string text, ArrayBufferWriter<byte> buffer) => Encoding.UTF8.GetBytes(text, buffer);
}
