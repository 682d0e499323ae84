using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Server.Rest;

/// <summary>
/// Replaces the names that entries of a transaction have for each other by what they are called once they are stored: in references, in
/// elements of type uri, url, oid and uuid, and in links and images of the narrative; never in canonicals or plain texts (R4 http.html, transaction).
/// </summary>
/// <param name="names">What is replaced: full urls, and conditional references.</param>
internal sealed partial class ReferenceRewriter(IReadOnlyDictionary<string, string> names)
{
    private const int LongestName = 512;

    // What needs no escape in JSON.
    private static readonly SearchValues<char> Harmless = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-./");

    private readonly Dictionary<string, string> names = new(names, StringComparer.Ordinal);
    private readonly SearchValues<byte> beginnings = SearchValues.Create([.. names.Keys.Where(name => name.Length > 0).Select(name => (byte)name[0]).Distinct()]);
    private readonly bool hasSearches = names.Keys.Any(name => name.Contains('?', StringComparison.Ordinal));
    private readonly bool canScan = names.Keys.All(name => name.StartsWith(NameScan.Urn, StringComparison.Ordinal) || name.Contains('?', StringComparison.Ordinal));

    /// <summary>The resource with every name replaced; the same bytes where there is none.</summary>
    /// <param name="resource">Valid JSON, of a resource.</param>
    /// <param name="type">Its type.</param>
    /// <param name="fullUrl">Its own name, which relative references are relative to.</param>
    public ReadOnlyMemory<byte> Rewrite(ReadOnlyMemory<byte> resource, string type, string? fullUrl)
    {
        if (names.Count == 0)
        {
            return resource;
        }
        var relativeTo = BaseOf(type, fullUrl);
        return canScan && relativeTo is null && Scan(resource) is { } rewritten ? rewritten : Read(resource, relativeTo);
    }

    // Token by token.
    private ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> resource, string? relativeTo)
    {
        var json = resource.Span;
        var reader = new Utf8JsonReader(json);
        ArrayBufferWriter<byte>? output = null;
        var copied = 0;
        ReadOnlySpan<byte> property = default;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                property = Unescaped(ref reader);
                continue;
            }
            if (reader.TokenType != JsonTokenType.String || Replacement(ref reader, property, relativeTo) is not { } replacement)
            {
                continue;
            }
            if (replacement.Text is not { } text)
            {
                return new ReferenceWalk(names).Rewrite(resource, relativeTo);
            }
            output ??= new ArrayBufferWriter<byte>(json.Length + 64);
            output.Write(json[copied..((int)reader.TokenStartIndex + 1)]);
            Write(output, text);
            copied = (int)reader.BytesConsumed - 1;
        }
        if (output is null)
        {
            return resource;
        }
        output.Write(json[copied..]);
        return output.WrittenMemory;
    }

    // By the beginnings of the names; null where that does not do.
    private ReadOnlyMemory<byte>? Scan(ReadOnlyMemory<byte> resource)
    {
        var json = resource.Span;
        if (!NameScan.IsPlain(json) || json.IndexOf("href"u8) >= 0 || json.IndexOf("src"u8) >= 0)
        {
            return null;
        }
        var scan = new NameScan(json, urns: true, hasSearches);
        ArrayBufferWriter<byte>? output = null;
        var copied = 0;
        while (scan.Next(out var start, out var end))
        {
            var text = json[start..end];
            if (text.Contains((byte)'\\') && (text.StartsWith("urn:uuid:"u8) || IsSearch(text)))
            {
                return null;
            }
            if (Find(text) is not { } stored)
            {
                continue;
            }
            var property = scan.PropertyOf(start);
            var answer = property.IsEmpty ? RewrittenNames.Answer.Depends : RewrittenNames.Of(property);
            if (answer == RewrittenNames.Answer.Depends)
            {
                return null;
            }
            if (answer == RewrittenNames.Answer.Yes)
            {
                output ??= new ArrayBufferWriter<byte>(json.Length + (json.Length / 16) + 64);
                output.Write(json[copied..start]);
                Write(output, stored);
                copied = end;
            }
        }
        if (output is null)
        {
            return resource;
        }
        output.Write(json[copied..]);
        return output.WrittenMemory;
    }

    private string? Find(ReadOnlySpan<byte> utf8)
    {
        Span<char> text = utf8.Length <= 128 ? stackalloc char[128] : new char[utf8.Length];
        return utf8.Length <= LongestName * 3 && Encoding.UTF8.TryGetChars(utf8, text, out var length)
            && names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out var stored) ? stored : null;
    }

    private static void Write(ArrayBufferWriter<byte> output, string text)
    {
        if (text.AsSpan().ContainsAnyExcept(Harmless))
        {
            output.Write(Encoding.UTF8.GetBytes(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)));
        }
        else
        {
            Encoding.ASCII.GetBytes(text, output);
        }
    }

    /// <summary>Every reference in the resource that is a search (<c>Patient?identifier=...</c>).</summary>
    /// <param name="resource">Valid JSON, of a resource.</param>
    public static ImmutableArray<string> Conditional(ReadOnlySpan<byte> resource)
    {
        if (!resource.Contains((byte)'?'))
        {
            return [];
        }
        var found = ImmutableArray.CreateBuilder<string>();
        if (TryScan(resource, found))
        {
            return found.DrainToImmutable();
        }
        found.Clear();
        var reader = new Utf8JsonReader(resource);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("reference"u8)
                && reader.Read() && reader.TokenType == JsonTokenType.String && IsSearch(Unescaped(ref reader)))
            {
                found.Add(reader.GetString()!);
            }
        }
        return found.DrainToImmutable();
    }

    private static bool TryScan(ReadOnlySpan<byte> resource, ImmutableArray<string>.Builder found)
    {
        if (!NameScan.IsPlain(resource))
        {
            return false;
        }
        var scan = new NameScan(resource, urns: false, searches: true);
        while (scan.Next(out var start, out var end))
        {
            var text = resource[start..end];
            if (!IsSearch(text) || !scan.PropertyOf(start).SequenceEqual("reference"u8))
            {
                continue;
            }
            if (text.Contains((byte)'\\'))
            {
                return false;
            }
            found.Add(Encoding.UTF8.GetString(text));
        }
        return true;
    }

    /// <summary>A narrative with the names in its links and images replaced.</summary>
    internal static string Links(string narrative, IReadOnlyDictionary<string, string> names) =>
        Link().Replace(narrative, link => names.TryGetValue(link.Groups[2].Value, out var stored) ? link.Groups[1].Value + stored + link.Groups[3].Value : link.Value);

    private static ReadOnlySpan<byte> Unescaped(scoped ref Utf8JsonReader reader) => reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;

    private static bool IsSearch(ReadOnlySpan<byte> reference)
    {
        var question = reference.IndexOf((byte)'?');
        return question is > 0 and < 64 && !reference[..question].ContainsAnyExceptInRange((byte)'A', (byte)'z') && R4.Definitions.IsResourceType(Encoding.UTF8.GetString(reference[..question]));
    }

    private Found? Replacement(ref Utf8JsonReader reader, ReadOnlySpan<byte> property, string? relativeTo)
    {
        if (property.SequenceEqual("div"u8))
        {
            var narrative = reader.GetString()!;
            var linked = Links(narrative, names);
            return ReferenceEquals(linked, narrative) || linked == narrative ? null : new Found(linked);
        }
        var value = reader.ValueSpan;
        if (value.Length == 0 || value.Length > LongestName * 3)
        {
            return null;
        }
        var isRelative = relativeTo is not null && property.SequenceEqual("reference"u8);
        if (!isRelative && !reader.ValueIsEscaped && !beginnings.Contains(value[0]))
        {
            return null;
        }
        var found = Find(ref reader, isRelative ? relativeTo : null);
        return found is null ? null : RewrittenNames.Of(property) switch
        {
            RewrittenNames.Answer.Yes => new Found(found),
            RewrittenNames.Answer.Depends => new Found(null),
            _ => null,
        };
    }

    private string? Find(ref Utf8JsonReader reader, string? relativeTo)
    {
        Span<char> text = stackalloc char[LongestName * 3];
        var name = text[..reader.CopyString(text)];
        return names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var stored) || (relativeTo is not null && names.TryGetValue(string.Concat(relativeTo, name), out stored))
            ? stored
            : null;
    }

    // http://there/fhir/Patient/1 -> http://there/fhir/
    private static string? BaseOf(string type, string? fullUrl) =>
        fullUrl is not null && fullUrl.StartsWith("http", StringComparison.Ordinal) && fullUrl.LastIndexOf($"/{type}/", StringComparison.Ordinal) is > 0 and var end
            ? fullUrl[..(end + 1)]
            : null;

    [GeneratedRegex("""((?:href|src)\s*=\s*["'])([^"']+)(["'])""")]
    private static partial Regex Link();

    // What stands in place of a name; without a text where the definitions have to be asked.
    private readonly record struct Found(string? Text);
}
