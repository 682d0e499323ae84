using System.Collections.Frozen;
using System.Reflection;
using FhirFacade.Server.Rest;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Pages;

/// <summary>The style, scripts and pictures of the pages: the files of <c>Assets/</c>, kept in the program.</summary>
public sealed class PageAssets
{
    private const string Prefix = "Assets/";

    private static readonly FrozenDictionary<string, string> MediaTypes = new Dictionary<string, string>
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, FixedDocument> files;

    /// <summary>Reads them.</summary>
    public PageAssets()
    {
        var program = typeof(PageAssets).Assembly;
        files = program.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Prefix.Length..], name => new FixedDocument(MediaTypes[Path.GetExtension(name)], Read(program, name)));
    }

    /// <summary>Where a file is, with what it contains as part of the address: a browser that has it never asks again.</summary>
    /// <exception cref="KeyNotFoundException">There is no such file.</exception>
    public string PathOf(string name) => $"/assets/{name}?v={files[name].Hash}";

    /// <summary><c>GET /assets/{name}</c>: 200, 304 or 404.</summary>
    public Task HandleAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return files.TryGetValue((string)http.Request.RouteValues["name"]!, out var file)
            ? file.WriteAsync(http, http.Request.Query["v"] == file.Hash ? "public, max-age=31536000, immutable" : "no-cache")
            : OutcomeResponse.WriteAsync(http, Refusal.NoRoute());
    }

    private static byte[] Read(Assembly program, string name)
    {
        using var stream = program.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
