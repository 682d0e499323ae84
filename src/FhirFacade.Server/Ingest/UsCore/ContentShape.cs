using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirFacade.Server.Ingest.UsCore;

/// <summary>
/// A hash of what decides whether a resource conforms to a profile: its elements, its codes, systems, units and urls, the types of what it refers
/// to, the precision of its times and the signs of its numbers. Names, texts and measured values do not count, so that the results of a
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
        "subscriberId", "lotNumber", "patientInstruction", "name", "value", "control",
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
                Write("{", buffer);
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

    private static void Value(string name, JsonNode value, bool isWhole, ArrayBufferWriter<byte> buffer)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.Number:
                Write(isWhole || !value.ToJsonString().StartsWith('-') ? "1" : "-1", buffer);
                break;
            case JsonValueKind.String:
                Text(name, (string)value!, isWhole, buffer);
                break;
            case var kind:
                Write(kind == JsonValueKind.True ? "true" : "false", buffer);
                break;
        }
    }

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
        else if (text.Length >= 4 && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[3]) && (text.Length == 4 || text[4] == '-'))
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
