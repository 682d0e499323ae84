using System.Net;
using System.Net.Security;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Ingest;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace FhirFacade.Server.Transport;

/// <summary>The sockets that the server opens.</summary>
internal static class Listeners
{
    private static readonly SslApplicationProtocol[] OneOrTwo = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
    private static readonly SslApplicationProtocol[] One = [SslApplicationProtocol.Http11];

    /// <summary>Opens the HTTP port, with TLS if its address says so, and the one that leads to it.</summary>
    /// <exception cref="StartupException">The certificate cannot be used.</exception>
    public static void ListenHttp(KestrelServerOptions kestrel, HttpOptions options)
    {
        var tls = options.Tls.IsEnabled ? Tls.Of(Certificate(kestrel, options.Tls.CertificateFile!, options.Tls.KeyFile, options.Tls.Password, "Http:Tls"), options.Http2 ? OneOrTwo : One) : null;
        Listen(kestrel, options.Url, tls, tls is not null && options.Http2 ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1);
        if (options.RedirectUrl is { } plain)
        {
            Listen(kestrel, plain, null, HttpProtocols.Http1);
        }
    }

    /// <summary>Opens the MLLP port, unless it is negative. TLS comes before the first byte of MLLP.</summary>
    /// <exception cref="StartupException">The certificate cannot be used.</exception>
    public static void ListenMllp(KestrelServerOptions kestrel, MllpOptions options)
    {
        if (options.Port < 0)
        {
            return;
        }

        var tls = options.Tls.IsEnabled
            ? Tls.Of(Certificate(kestrel, options.Tls.CertificateFile!, options.Tls.KeyFile, null, "Mllp:Tls"), [], options.Tls.ClientCertificates, MllpTls.Judge(options.Tls))
            : null;
        kestrel.Listen(IPAddress.Parse(options.Address), options.Port, listen =>
        {
            listen.Protocols = HttpProtocols.None;
            if (tls is not null)
            {
                listen.UseHttps(tls);
            }

            listen.UseConnectionHandler<MllpConnectionHandler>();
        });
    }

    private static void Listen(KestrelServerOptions kestrel, string url, TlsHandshakeCallbackOptions? tls, HttpProtocols protocols)
    {
        var uri = new Uri(url);
        var address = IPAddress.TryParse(uri.DnsSafeHost, out var parsed) ? parsed : IPAddress.Loopback;
        kestrel.Listen(address, uri.Port, listen =>
        {
            listen.Protocols = protocols;
            ConnectionToken.Use(listen);
            if (tls is not null)
            {
                listen.UseHttps(tls);
            }
        });
    }

    private static ServerCertificate Certificate(KestrelServerOptions kestrel, string certificateFile, string? keyFile, string? password, string setting) => new(
        certificateFile, keyFile, password, setting, TimeProvider.System, kestrel.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger<ServerCertificate>());
}
