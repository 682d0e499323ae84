using System.Security.Cryptography.X509Certificates;

namespace FhirFacade.Attacks.Http;

/// <summary>Whom clients believe.</summary>
public static class Trust
{
    /// <summary>What this authority has signed, and nothing else.</summary>
    public static X509ChainPolicy In(X509Certificate2 authority) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { authority },
        RevocationMode = X509RevocationMode.NoCheck,
    };
}
