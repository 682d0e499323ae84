using System.Collections.Immutable;
using System.Text;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Pages;

/// <summary>What every page has around its content, and the rules under which a browser shows it.</summary>
/// <remarks>Nothing is taken from elsewhere, nothing inside of a page is run or styled but the files of this server, and no page can be put into a frame.</remarks>
public sealed class PageLayout(SmartSettings settings, PageAssets assets)
{
    /// <summary>The path under which the server's own addresses begin, as the browser sees it; empty unless a proxy puts one in front.</summary>
    public string Root { get; } = new Uri(settings.PublicUrl).AbsolutePath.TrimEnd('/');

    /// <summary>Writes the page. No cache keeps it (<see cref="Transport.SecurityHeaders"/>).</summary>
    public async Task WriteAsync(HttpContext http, Page page, int status = StatusCodes.Status200OK)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(page);
        var body = Encoding.UTF8.GetBytes(Whole(page).ToString());
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = Policy(page.FormTargets);
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Permissions-Policy"] = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.BodyWriter.WriteAsync(body, http.RequestAborted);
        }
    }

    private static string Policy(ImmutableArray<string> formTargets) =>
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
        + string.Concat(formTargets.Select(target => " " + target));

    private Html Whole(Page page) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{page.Title} · FhirFacade</title>
        <link rel="icon" href="{Asset("mark.svg")}" type="image/svg+xml">
        <link rel="stylesheet" href="{Asset("fhirfacade.css")}">
        {page.Scripts.Select(script => Html.Of($"<script type=\"module\" src=\"{Asset(script)}\"></script>"))}
        </head>
        <body class="{(page.IsCard ? "card-page" : "wide-page")}">
        <a class="skip" href="#main">Skip to the content</a>
        <header class="band">
        <div class="bar"><a class="wordmark" href="{Root}/">{Mark}<span>FhirFacade</span></a>{(page.IsCard ? Html.Empty : Navigation)}</div>
        {page.Band}
        </header>
        <main id="main" tabindex="-1">
        {page.Main}
        </main>
        <footer><p>FhirFacade: HL7 v2 in, FHIR R4 out.</p></footer>
        </body>
        </html>

        """;

    private Html Navigation => $"""
        <nav aria-label="Sections"><a href="{Root}/#try">Try it</a><a href="{Root}/#token">Get a token</a><a href="{Root}/#types">Types</a><a href="{Root}/openapi.json">OpenAPI</a></nav>
        """;

    private static readonly Html Mark = $"""
        <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false"><path fill="currentColor" d="M16 3 3 10v3h26v-3zM6 15h4v9H6zm8 0h4v9h-4zm8 0h4v9h-4zM3 26h26v3H3z"/></svg>
        """;

    private string Asset(string name) => Root + assets.PathOf(name);
}
