using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FhirFacade.Server.Transport;

/// <summary>Reads a certificate with its private key: PEM, or PKCS #12 by the name of the file.</summary>
internal static class CertificateFiles
{
    /// <summary>The certificate, and what else is in the file.</summary>
    /// <param name="certificateFile">PEM, or PKCS #12 by its name (<c>.pfx</c>, <c>.p12</c>).</param>
    /// <param name="keyFile">PEM; null: in the first file, too.</param>
    /// <param name="password">Of the key; null for none.</param>
    /// <exception cref="CryptographicException">What is read is no certificate with its key.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static (X509Certificate2 Own, X509Certificate2Collection Chain) Read(string certificateFile, string? keyFile, string? password)
    {
        X509Certificate2Collection chain = [];
        if (Path.GetExtension(certificateFile).ToLowerInvariant() is ".pfx" or ".p12")
        {
            chain = X509CertificateLoader.LoadPkcs12CollectionFromFile(certificateFile, password);
            return (chain.FirstOrDefault(c => c.HasPrivateKey) ?? throw new CryptographicException("the file holds no private key"), chain);
        }
        var own = password is null ? X509Certificate2.CreateFromPemFile(certificateFile, keyFile ?? certificateFile) : X509Certificate2.CreateFromEncryptedPemFile(certificateFile, password, keyFile ?? certificateFile);
        chain.ImportFromPemFile(certificateFile);
        return (own, chain);
    }

    /// <summary>Whether it is the files that are wrong.</summary>
    public static bool IsOfTheFiles(Exception error) => error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;
}
