using FhirFacade.Server.Audit;
using FhirFacade.Server.Render;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>An answer that is a Bundle without links: of a batch, a transaction, an operation.</summary>
internal static class BundleAnswer
{
    /// <summary>200 with the entries.</summary>
    public static Task WriteAsync(HttpContext http, string type, IEnumerable<BundleEntry> entries, Rendering rendering, DateTimeOffset now) =>
        WriteAsync(http, new Bundle(type, null, [], entries), rendering, now);

    /// <summary>200 with the Bundle.</summary>
    public static async Task WriteAsync(HttpContext http, Bundle bundle, Rendering rendering, DateTimeOffset now)
    {
        Disclosures.Of(http)?.Add(bundle);
        await Disclosures.WrittenAsync(http);
        http.Response.ContentType = rendering.ContentType;
        http.Response.Headers.CacheControl = "no-store";
        await BundleWriter.WriteAsync(http.Response.BodyWriter, bundle, rendering, now, http.RequestAborted);
    }
}
