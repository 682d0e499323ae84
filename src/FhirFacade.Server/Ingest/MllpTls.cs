using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Ingest;

/// <summary>Which certificates of senders the MLLP listener accepts.</summary>
internal static class MllpTls
{
    /// <summary>Judges a certificate by the authorities of the settings; null: as the operating system does.</summary>
    /// <exception cref="StartupException">The file is unreadable.</exception>
    public static Func<X509Certificate2, X509Chain?, bool>? Judge(MllpTlsOptions options)
    {
        if (string.IsNullOrEmpty(options.ClientAuthorityFile))
        {
            return null;
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(options.ClientAuthorityFile);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException("Mllp:Tls:ClientAuthorityFile cannot be read", error);
        }

        return (certificate, presented) => IsIssuedBy(authorities, certificate, presented);
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
