using System.Net;
using FhirFacade.Server.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FhirFacade.Server.Ingest;

/// <summary>The sockets that the server opens.</summary>
internal static class Listeners
{
    public static void ListenHttp(KestrelServerOptions kestrel, HttpOptions options)
    {
        var url = new Uri(options.Url);
        var address = IPAddress.TryParse(url.DnsSafeHost, out var parsed) ? parsed : IPAddress.Loopback;
        kestrel.Listen(address, url.Port, listen => listen.Protocols = HttpProtocols.Http1);
    }

    /// <summary>Opens the MLLP port, unless it is negative. TLS comes before the first byte of MLLP.</summary>
    public static void ListenMllp(KestrelServerOptions kestrel, MllpOptions options)
    {
        if (options.Port < 0)
        {
            return;
        }

        var tls = options.Tls.IsEnabled ? MllpTls.Load(options.Tls) : null;
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
}
