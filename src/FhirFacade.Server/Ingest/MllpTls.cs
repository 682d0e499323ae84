using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FhirFacade.Server.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace FhirFacade.Server.Ingest;

/// <summary>Turns the TLS settings of the MLLP listener into what Kestrel needs.</summary>
internal static class MllpTls
{
    /// <exception cref="StartupException">A file is unreadable or certificate and key do not belong together.</exception>
    public static HttpsConnectionAdapterOptions Load(MllpTlsOptions options)
    {
        var https = new HttpsConnectionAdapterOptions
        {
            SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateMode = options.ClientCertificates,
        };

        try
        {
            https.ServerCertificate = X509Certificate2.CreateFromPemFile(options.CertificateFile!, options.KeyFile);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(options.CertificateFile!);
            https.ServerCertificateChain = chain;

            if (!string.IsNullOrEmpty(options.ClientAuthorityFile))
            {
                var authorities = new X509Certificate2Collection();
                authorities.ImportFromPemFile(options.ClientAuthorityFile);
                https.ClientCertificateValidation = (certificate, presented, _) => IsIssuedBy(authorities, certificate, presented);
            }
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException("Mllp:Tls: a certificate or key file cannot be read, or they do not belong together", error);
        }

        return https;
    }

    /// <summary>Whether <paramref name="certificate"/> chains up to one of exactly these authorities and is meant for clients.</summary>
    private static bool IsIssuedBy(X509Certificate2Collection authorities, X509Certificate2 certificate, X509Chain? presented)
    {
        const string clientAuthentication = "1.3.6.1.5.5.7.3.2";

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(clientAuthentication));
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        return chain.Build(certificate);
    }
}
