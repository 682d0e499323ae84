using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace FhirFacade.Server.Transport;

/// <summary>How every listener of this server speaks TLS: 1.2 and 1.3, no renegotiation, the certificate as it is at that moment.</summary>
internal static class Tls
{
    /// <summary>What Kestrel needs.</summary>
    /// <param name="certificate">The server's own.</param>
    /// <param name="protocols">What is spoken inside (ALPN); none for what has no name.</param>
    /// <param name="clients">Whether whoever connects shows a certificate.</param>
    /// <param name="isTrusted">Judges that certificate; null: as the operating system does.</param>
    public static TlsHandshakeCallbackOptions Of(
        ServerCertificate certificate, IReadOnlyList<SslApplicationProtocol> protocols, ClientCertificateMode clients = ClientCertificateMode.NoCertificate, Func<X509Certificate2, X509Chain?, bool>? isTrusted = null) => new()
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate.Current,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            ApplicationProtocols = protocols.Count == 0 ? null : [.. protocols],
            ClientCertificateRequired = clients is ClientCertificateMode.AllowCertificate or ClientCertificateMode.RequireCertificate,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, shown, chain, errors) => shown is not X509Certificate2 their
                ? clients != ClientCertificateMode.RequireCertificate
                : isTrusted?.Invoke(their, chain) ?? errors == SslPolicyErrors.None,
        }),
    };
}
