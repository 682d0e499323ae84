using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Transport;
using Microsoft.AspNetCore.DataProtection;

namespace FhirFacade.Server.Smart;

/// <summary>The certificates of <c>Smart:KeyCertificate</c>: the first encrypts data protection keys, each of them opens them.</summary>
public sealed class KeyCertificates
{
    private const string Setting = "Smart:KeyCertificate";

    private readonly ImmutableArray<X509Certificate2> certificates;

    private KeyCertificates(ImmutableArray<X509Certificate2> certificates) => this.certificates = certificates;

    /// <summary>Reads them; null where none is named.</summary>
    /// <exception cref="StartupException">One cannot be read, is not of RSA, or has no key; the message names the setting.</exception>
    public static KeyCertificates? From(KeyCertificateOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrEmpty(options.CertificateFile))
        {
            return options.Earlier.Count == 0 ? null : throw new StartupException($"{Setting}:Earlier names certificates, and {Setting}:CertificateFile none");
        }
        try
        {
            return new([Read(options.CertificateFile, options.KeyFile, options.Password), .. options.Earlier.Select(file => Read(file, null, options.Password))]);
        }
        catch (Exception error) when (CertificateFiles.IsOfTheFiles(error))
        {
            throw new StartupException($"{Setting}: a certificate or key file cannot be read, or they do not belong together", error);
        }
    }

    /// <summary>Has the keys encrypted.</summary>
    public void Protect(IDataProtectionBuilder keys) => keys.ProtectKeysWithCertificate(certificates[0]).UnprotectKeysWithAnyCertificate([.. certificates]);

    private static X509Certificate2 Read(string file, string? keyFile, string? password)
    {
        var certificate = CertificateFiles.Read(file, string.IsNullOrEmpty(keyFile) ? null : keyFile, password).Own;
        return certificate.GetRSAPrivateKey() is null ? throw new StartupException($"{Setting}: a certificate of RSA with its private key is needed") : certificate;
    }
}
