using System.Net;
using System.Net.Sockets;

namespace FhirFacade.Server.Outbound;

/// <summary>Calls addresses that somebody else chose. It never reaches into one's own network, whatever a name resolves to, unless the site allows it.</summary>
/// <remarks>The address is checked where the connection is made, so that a name which changes its mind between check and use gains nothing. No redirect is followed, no proxy or cookie used.</remarks>
public sealed class OutboundHttp : IDisposable
{
    private readonly HttpClient client;
    private readonly bool allowPrivate;

    /// <summary>Makes the client.</summary>
    /// <param name="allowPrivate">Whether private addresses and plain HTTP are allowed.</param>
    public OutboundHttp(bool allowPrivate)
    {
        this.allowPrivate = allowPrivate;
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(3),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
            ConnectCallback = ConnectAsync,
        })
        { Timeout = TimeSpan.FromSeconds(5) };
    }

    /// <summary>Whether an address is of a kind that may be called: https, on the open network as far as its text tells.</summary>
    public static bool MayCall(string? url, bool allowPrivate) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0
        && (allowPrivate
            ? uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp
            : uri.Scheme == Uri.UriSchemeHttps && !uri.IsLoopback && (!IPAddress.TryParse(uri.DnsSafeHost, out var address) || PublicAddresses.Contains(address)));

    /// <summary>What is at the address; null if it may not be called, does not answer with 200 in five seconds, or answers more than so many bytes.</summary>
    public async Task<byte[]?> GetAsync(Uri url, int mostBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!MayCall(url.OriginalString, allowPrivate))
        {
            return null;
        }
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Accept.ParseAdd("application/json");
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentLength > mostBytes)
            {
                return null;
            }
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var bytes = new byte[mostBytes + 1];
            var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return length > mostBytes ? null : bytes[..length];
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;    // whoever is called is not there, or not allowed: for the caller the same
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var allowed = allowPrivate ? addresses : Array.FindAll(addresses, PublicAddresses.Contains);
        if (allowed.Length == 0)
        {
            throw new HttpRequestException("the address is not of the open network");
        }
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
