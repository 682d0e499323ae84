using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Pages;

/// <summary>A document that is made once and is the same for everybody: sent from memory, compressed once, and not at all to who has it.</summary>
public sealed class FixedDocument
{
    private readonly string mediaType;
    private readonly byte[] bytes;
    private readonly Lazy<byte[]> brotli;

    /// <summary>Keeps the document.</summary>
    public FixedDocument(string mediaType, byte[] bytes)
    {
        (this.mediaType, this.bytes) = (mediaType, bytes);
        Hash = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8));
        brotli = new(() => Compressed(bytes));
    }

    /// <summary>Its content, in sixteen hexadecimal digits.</summary>
    public string Hash { get; }

    /// <summary>200, or 304 for who names the tag.</summary>
    /// <param name="http">The request, a GET or HEAD.</param>
    /// <param name="caching">How long others may keep it: <c>Cache-Control</c>.</param>
    public async Task WriteAsync(HttpContext http, string caching)
    {
        ArgumentNullException.ThrowIfNull(http);
        var response = http.Response;
        response.Headers.ETag = $"W/\"{Hash}\"";
        response.Headers.CacheControl = caching;
        response.Headers.Vary = "Accept-Encoding";
        if (http.Request.Headers.IfNoneMatch.ToString().Contains(Hash, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.ContentType = mediaType;
        var body = bytes;
        if (TakesBrotli(http.Request))
        {
            body = brotli.Value;
            response.Headers.ContentEncoding = "br";
        }
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.BodyWriter.WriteAsync(body, http.RequestAborted);
        }
    }

    private static bool TakesBrotli(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value.Equals("br", StringComparison.OrdinalIgnoreCase) && coding.Quality is null or > 0);

    private static byte[] Compressed(byte[] bytes)
    {
        using var result = new MemoryStream();
        using (var writer = new BrotliStream(result, CompressionLevel.Optimal))
        {
            writer.Write(bytes);
        }
        return result.ToArray();
    }
}
