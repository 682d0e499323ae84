using System.Globalization;
using System.Net;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Rest;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace FhirFacade.Server.Transport;

/// <summary>Where a request really came from, and that it came by https where the site is reached by that.</summary>
public sealed class HttpsOnly
{
    private readonly string publicUrl;
    private readonly string strict;
    private readonly int redirectPort;

    /// <summary>Reads the settings.</summary>
    public HttpsOnly(HttpOptions options, SmartSettings settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        publicUrl = settings.PublicUrl;
        strict = settings.IsSecure && options.Hsts > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"max-age={(long)options.Hsts.TotalSeconds}") : "";
        redirectPort = options.RedirectUrl is { } url ? new Uri(url).Port : -1;
    }

    /// <summary>Puts it before whatever looks at a request's address or scheme.</summary>
    public static void Use(WebApplication app, HttpOptions options)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Proxies.Count > 0)
        {
            app.UseForwardedHeaders(Forwarded(options));
        }
        var https = new HttpsOnly(options, app.Services.GetRequiredService<SmartSettings>());
        if (https.strict.Length > 0 || https.redirectPort >= 0)
        {
            app.Use(next => http => https.InvokeAsync(http, next));
        }
    }

    /// <summary>Middleware. Over https it says that it is to stay so; over http it leads there, if that is what http is for.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(next);
        if (http.Request.IsHttps)
        {
            // A name that all machines share is nobody's to bind (and RFC 6797 section 8.1.1 leaves addresses out anyway).
            if (strict.Length > 0 && !string.Equals(http.Request.Host.Host, "localhost", StringComparison.OrdinalIgnoreCase))
            {
                http.Response.Headers.StrictTransportSecurity = strict;
            }
            return next(http);
        }
        var isToBeLed = http.Connection.LocalPort == redirectPort || http.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XOriginalProtoHeaderName);
        return isToBeLed ? LeadAsync(http) : next(http);
    }

    // Who sends a token or a body in clear is to notice it, not to be carried on quietly.
    private Task LeadAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.Headers.Authorization.Count > 0 || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
        {
            return OutcomeResponse.WriteAsync(http, StatusCodes.Status403Forbidden, Issue.Error("security", "come by https; what was sent could be read on the way, so replace the token"));
        }
        http.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        http.Response.Headers.Location = publicUrl + request.Path.ToUriComponent() + request.QueryString.ToUriComponent();
        return Task.CompletedTask;
    }

    private static ForwardedHeadersOptions Forwarded(HttpOptions options)
    {
        // As many hops as are proxies of ours, from the nearest on; the first that is not is the caller. Never the host: the public address is a setting.
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.Proxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                forwarded.KnownProxies.Add(address);
            }
            else
            {
                forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            }
        }
        return forwarded;
    }
}
