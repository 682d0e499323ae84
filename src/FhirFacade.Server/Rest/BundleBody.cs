using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>
/// The entries of a Bundle that is posted to the base, found in one pass over its bytes. A resource in it is a slice of them until its turn comes:
/// a Bundle takes little more memory than its text.
/// </summary>
/// <param name="Type"><c>batch</c> or <c>transaction</c>.</param>
/// <param name="Entries">In their order.</param>
internal sealed record BundleBody(string Type, ImmutableArray<BundleRequest> Entries)
{
    /// <summary>Reads the Bundle; 400 for what is none, or does not say what it asks for, 413 for too many entries.</summary>
    /// <param name="json">The body. It has to stay as it is for as long as the entries are used.</param>
    /// <param name="fhirBase">The base of this server.</param>
    /// <param name="most">How many entries are allowed.</param>
    /// <param name="limits">Of the Bundle as a whole.</param>
    public static (BundleBody? Body, Refusal? Refusal) Read(ReadOnlyMemory<byte> json, string fhirBase, int most, ResourceLimits limits)
    {
        var marked = json.Span.StartsWith("\uFEFF"u8) ? json["\uFEFF"u8.Length..] : json;
        try
        {
            return Utf8.IsValid(marked.Span) ? new Reading(marked, fhirBase, most, limits.MaxDepth).Bundle() : (null, Unreadable(json, limits));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Broken, or a text that is none: the parser knows what to say of it.
            return (null, Unreadable(json, limits));
        }
    }

    private static Refusal Unreadable(ReadOnlyMemory<byte> json, ResourceLimits limits)
    {
        using var parsed = ResourceParser.Parse(json, limits);
        return parsed.Document is null ? new Refusal(StatusCodes.Status400BadRequest, parsed.Issues) : NotABundle();
    }

    private static Refusal NotABundle() => Refusal.BadRequest("what is posted to the base is a Bundle of type batch or transaction", IssueType.Value);

    // One pass. What has a key twice is left to the parser, which refuses it.
    private sealed class Reading(ReadOnlyMemory<byte> json, string fhirBase, int most, int maxDepth)
    {
        private static readonly SearchValues<byte> Marks = SearchValues.Create("\"{}[]"u8);

        private readonly ImmutableArray<BundleRequest>.Builder entries = ImmutableArray.CreateBuilder<BundleRequest>();
        private Refusal? refusal;
        private int count;

        // Where in the body the bytes begin that are being read.
        private int offset;
        private bool isTransaction;
        private string lastMethod = "POST";
        private string lastUrl = "";

        public (BundleBody? Body, Refusal? Refusal) Bundle()
        {
            // The levels of a Bundle around a resource are not the resource's.
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = maxDepth + 3 });
            var seen = new Seen();
            string? resourceType = null, type = null;
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException();
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("resourceType"u8))
                {
                    seen.Once(0);
                    resourceType = Text(ref reader);
                }
                else if (reader.ValueTextEquals("type"u8))
                {
                    seen.Once(1);
                    type = Text(ref reader);
                    isTransaction = type == "transaction";
                }
                else if (reader.ValueTextEquals("entry"u8))
                {
                    seen.Once(2);
                    Entries(ref reader);
                }
                else
                {
                    Skip(ref reader);
                }
            }
            while (reader.Read())
            {
                // Nothing may follow: if it does, this throws.
            }
            refusal = resourceType != "Bundle" || type is not ("batch" or "transaction") ? NotABundle()
                : count > most ? Refusal.One(StatusCodes.Status413PayloadTooLarge, IssueType.TooCostly, $"a Bundle may have at most {most} entries")
                : refusal;
            return refusal is null ? (new BundleBody(type!, entries.DrainToImmutable()), null) : (null, refusal);
        }

        private void Entries(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                return;
            }
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.StartObject || count >= most || refusal is not null)
                {
                    reader.Skip();
                    refusal ??= count >= most ? null : Wrong(count, "has no request with method and url");
                }
                else
                {
                    Entry(ref reader);
                }
                count++;
            }
        }

        private void Entry(ref Utf8JsonReader reader)
        {
            var seen = new Seen();
            string? fullUrl = null, method = null, url = null;
            ReadOnlyMemory<byte> resource = default;
            var conditions = RequestConditions.None;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("fullUrl"u8))
                {
                    seen.Once(0);
                    fullUrl = Text(ref reader);
                }
                else if (reader.ValueTextEquals("resource"u8))
                {
                    seen.Once(1);
                    resource = Resource(ref reader);
                }
                else if (reader.ValueTextEquals("request"u8))
                {
                    seen.Once(2);
                    (method, url, conditions) = Request(ref reader);
                }
                else
                {
                    Skip(ref reader);
                }
            }
            Add(fullUrl, method, url, resource, conditions);
        }

        // What a transaction writes is parsed later anyway: here it is enough to find where it ends.
        private ReadOnlyMemory<byte> Resource(ref Utf8JsonReader reader)
        {
            var start = offset + (int)reader.BytesConsumed;
            start += json.Span[start..].IndexOfAnyExcept(" \t\r\n"u8);
            if (isTransaction && start < json.Length && json.Span[start] == '{' && ObjectLength(json.Span[start..]) is > 0 and var length)
            {
                var after = new Utf8JsonReader("{}"u8, isFinalBlock: false, reader.CurrentState);
                after.Read();
                after.Read();
                offset = start + length;
                reader = new Utf8JsonReader(json.Span[offset..], isFinalBlock: true, after.CurrentState);
                return json.Slice(start, length);
            }
            reader.Read();
            start = offset + (int)reader.TokenStartIndex;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            return isObject ? json[start..(offset + (int)reader.BytesConsumed)] : default;
        }

        // As far as brackets tell; 0 where it does not end.
        private static int ObjectLength(ReadOnlySpan<byte> json)
        {
            var depth = 0;
            for (var at = 0; at < json.Length; at++)
            {
                var next = json[at..].IndexOfAny(Marks);
                if (next < 0)
                {
                    return 0;
                }
                at += next;
                switch (json[at])
                {
                    case (byte)'"':
                        at += TextLength(json[at..]) - 1;
                        break;
                    case (byte)'{' or (byte)'[':
                        depth++;
                        break;
                    default:
                        if (--depth == 0)
                        {
                            return at + 1;
                        }
                        break;
                }
            }
            return 0;
        }

        // With its quotation marks.
        private static int TextLength(ReadOnlySpan<byte> json)
        {
            var at = 1;
            while (at < json.Length)
            {
                var next = json[at..].IndexOfAny((byte)'"', (byte)'\\');
                if (next < 0)
                {
                    break;
                }
                at += next + 1;
                if (json[at - 1] == '"')
                {
                    return at;
                }
                at++;
            }
            return json.Length;
        }

        private (string? Method, string? Url, RequestConditions Conditions) Request(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                return (null, null, RequestConditions.None);
            }
            var seen = new Seen();
            string? method = null, url = null;
            var conditions = RequestConditions.None;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("method"u8))
                {
                    seen.Once(0);
                    method = Repeated(ref reader, lastMethod);
                }
                else if (reader.ValueTextEquals("url"u8))
                {
                    seen.Once(1);
                    url = Repeated(ref reader, lastUrl);
                }
                else if (reader.ValueTextEquals("ifMatch"u8))
                {
                    seen.Once(2);
                    conditions = conditions with { IfMatch = Text(ref reader) };
                }
                else if (reader.ValueTextEquals("ifNoneMatch"u8))
                {
                    seen.Once(3);
                    conditions = conditions with { IfNoneMatch = Text(ref reader) };
                }
                else if (reader.ValueTextEquals("ifModifiedSince"u8))
                {
                    seen.Once(4);
                    conditions = conditions with { IfModifiedSince = Text(ref reader) };
                }
                else if (reader.ValueTextEquals("ifNoneExist"u8))
                {
                    seen.Once(5);
                    conditions = conditions with { IfNoneExist = Text(ref reader) };
                }
                else
                {
                    Skip(ref reader);
                }
            }
            (lastMethod, lastUrl) = (method ?? lastMethod, url ?? lastUrl);
            return (method, url, conditions);
        }

        private void Add(string? fullUrl, string? method, string? url, ReadOnlyMemory<byte> resource, RequestConditions conditions)
        {
            if (method is null || url is null)
            {
                refusal = Wrong(count, "has no request with method and url");
                return;
            }
            url = (url.StartsWith(fhirBase + "/", StringComparison.Ordinal) ? url[(fhirBase.Length + 1)..] : url).TrimStart('/');
            if (url.Length == 0 || url[0] == '?' || (url.Contains("://", StringComparison.Ordinal) && !url.Contains('?', StringComparison.Ordinal)))
            {
                refusal = Wrong(count, "has a url that is not below the base of this server");
                return;
            }
            if (method is not ("GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE"))
            {
                refusal = Wrong(count, "has a method that is none of HTTPVerb");
                return;
            }
            entries.Add(new BundleRequest(count, fullUrl, method, url, resource, conditions));
        }

        // Most entries ask for the same as the one before: the text is kept once.
        private static string? Repeated(ref Utf8JsonReader reader, string last)
        {
            var next = reader;
            next.Read();
            if (next.TokenType == JsonTokenType.String && next.ValueTextEquals(last))
            {
                reader = next;
                return last;
            }
            return Text(ref reader);
        }

        private static string? Text(ref Utf8JsonReader reader)
        {
            reader.Read();
            var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            reader.Skip();
            return text;
        }

        private static void Skip(ref Utf8JsonReader reader)
        {
            reader.Read();
            reader.Skip();
        }

        private static Refusal Wrong(int index, string what) =>
            new(StatusCodes.Status400BadRequest, [Issue.Error(IssueType.Invalid, $"the entry {what}", $"Bundle.entry[{index}]")]);

        // The keys of one object that have been met.
        private struct Seen
        {
            private int keys;

            public void Once(int key)
            {
                if ((keys & (1 << key)) != 0)
                {
                    throw new JsonException();
                }
                keys |= 1 << key;
            }
        }
    }
}
