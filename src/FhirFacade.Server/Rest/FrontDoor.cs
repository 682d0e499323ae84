using System.IO.Compression;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Audit;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace FhirFacade.Server.Rest;

/// <summary>What every request passes before anybody looks at what it wants: limits, browsers' rules, compression, time.</summary>
public static class FrontDoor
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    private const string Anybody = "anybody";

    // An HTTP/2 connection on which nothing has been heard for so long is asked whether anybody is there.
    private static readonly TimeSpan IdlePing = TimeSpan.FromSeconds(30);

    private static readonly string[] ForApps = ["/oauth/token", "/oauth/introspect", "/oauth/revoke", "/oauth/register", "/oauth/launch"];

    private static readonly string[] Own = ["/oauth", "/account", "/admin", "/site"];

    private static readonly string[] SentHeaders =
        ["Authorization", "Content-Type", "Accept", "Prefer", "If-Match", "If-None-Match", "If-Modified-Since", "If-None-Exist", "X-Request-Id", "X-Correlation-Id", Access.PurposeOfUseHeader.Name, Access.PurposeOfUseHeader.Reason];

    private static readonly string[] ShownHeaders =
        ["ETag", "Last-Modified", "Location", "Content-Location", "X-Request-Id", "X-Correlation-Id", "WWW-Authenticate", "Retry-After", "X-Progress", "Preference-Applied", "Expires"];

    /// <summary>Adds the services that <see cref="Use"/> needs.</summary>
    public static void Add(IServiceCollection services, RestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton<ServedApi>();
        Async.AsyncEndpoints.Add(services, options);
        services.AddCors(cors =>
        {
            cors.AddDefaultPolicy(policy => Allow(policy, options, options.AllowedOrigins));
            cors.AddPolicy(Anybody, policy => Allow(policy, options, []));
        });
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy { Timeout = options.Timeout, TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable });
        services.AddSingleton(provider => new Admission(options, provider.GetService<Auditing>()));
        services.AddResponseCompression(compression =>
        {
            // Over TLS, too: no browser sends a token on its own, and the pages that know a person by a cookie are left out (BREACH).
            compression.EnableForHttps = true;
            compression.MimeTypes = ["application/fhir+json", "application/fhir+xml", "application/json", "application/xml", "text/html", "text/css", "text/javascript"];
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }

    /// <summary>Puts them before whatever comes after, in the order in which a request meets them.</summary>
    public static void Use(WebApplication app, RestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        // What nobody asks for is not entered: most requests of an app name neither an encoding nor an origin.
        if (options.Compression)
        {
            app.UseWhen(http => http.Request.Headers.AcceptEncoding.Count > 0 && !IsOwn(http.Request), api => api.UseResponseCompression());
        }
        app.UseWhen(http => http.Request.Headers.Origin.Count > 0 && IsPublic(http.Request), discovery => discovery.UseCors(Anybody));
        app.UseWhen(http => http.Request.Headers.Origin.Count > 0 && !IsPublic(http.Request) && !IsOwn(http.Request), api => api.UseCors());
        app.UseRequestTimeouts();
        var tokens = app.Services.GetRequiredService<RememberedTokens>();
        app.Use(next => http => tokens.InvokeAsync(http, next));
        var admission = app.Services.GetRequiredService<Admission>();
        app.Use(next => http => admission.InvokeAsync(http, next));
    }

    /// <summary>Sets the limits of connections, headers, bodies and slow clients.</summary>
    public static void Limit(KestrelServerLimits limits, HttpOptions options)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(options);
        limits.MaxRequestBodySize = options.MaxBodyBytes;
        limits.MaxRequestHeadersTotalSize = options.MaxHeaderBytes;
        limits.MaxRequestLineSize = Math.Min(options.MaxHeaderBytes, 16 * 1024);
        limits.RequestHeadersTimeout = options.HeaderTimeout;
        limits.MaxConcurrentConnections = options.MaxConnections;
        // Streams that are begun and taken back count, too, until their handlers have ended; who does that too fast is told to calm down, and then cut off (CVE-2023-44487).
        limits.Http2.MaxStreamsPerConnection = options.MaxStreams;
        limits.Http2.MaxRequestHeaderFieldSize = options.MaxHeaderBytes;
        limits.Http2.KeepAlivePingDelay = IdlePing;
        limits.Http2.KeepAlivePingTimeout = IdlePing;
        var slowest = options.MinBytesPerSecond > 0 ? new MinDataRate(options.MinBytesPerSecond, TimeSpan.FromSeconds(5)) : null;
        limits.MinRequestBodyDataRate = slowest;
        limits.MinResponseDataRate = slowest;
    }

    // What an app reads before it is known: SMART App Launch 2.2 wants that open to every origin.
    private static bool IsPublic(HttpRequest request) =>
        request.Path.StartsWithSegments("/fhir/.well-known") || request.Path.StartsWithSegments("/.well-known") || request.Path.StartsWithSegments("/fhir/metadata") || request.Path.StartsWithSegments("/openapi.json") || request.Path.StartsWithSegments("/smart-style.json");

    // Pages that know a person by a cookie, and what only the site itself calls: no other site reads them.
    private static bool IsOwn(HttpRequest request) =>
        Array.Exists(Own, path => request.Path.StartsWithSegments(path)) && !Array.Exists(ForApps, path => request.Path.Equals(path, StringComparison.Ordinal));

    private static void Allow(CorsPolicyBuilder policy, RestOptions options, IReadOnlyList<string> origins)
    {
        _ = origins.Count == 0 ? policy.AllowAnyOrigin() : policy.WithOrigins([.. origins]);
        policy.WithMethods(Methods).WithHeaders(SentHeaders).WithExposedHeaders(ShownHeaders).SetPreflightMaxAge(TimeSpan.FromHours(1));
    }
}
