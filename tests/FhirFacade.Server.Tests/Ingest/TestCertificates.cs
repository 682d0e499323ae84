using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>An authority made for a test, and what it signs, as PEM files.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string directory = Directory.CreateTempSubdirectory("fhirfacade-tls-").FullName;
    private readonly X509Certificate2 authority;

    public TestCertificates(string name)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        AuthorityFile = Path.Combine(directory, "authority.pem");
        File.WriteAllText(AuthorityFile, authority.ExportCertificatePem());
    }

    public string AuthorityFile { get; }

    public X509Certificate2 Authority => authority;

    /// <summary>Writes a server's certificate for the loopback address and its key.</summary>
    public (string CertificateFile, string KeyFile) IssueServer()
    {
        using var server = Issue("localhost", "1.3.6.1.5.5.7.3.1");
        var files = (Certificate: Path.Combine(directory, "server.pem"), Key: Path.Combine(directory, "server.key"));
        File.WriteAllText(files.Certificate, server.ExportCertificatePem());
        File.WriteAllText(files.Key, server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return files;
    }

    /// <summary>The same as one PKCS #12 file.</summary>
    public string IssueServerPkcs12(string password)
    {
        using var server = Issue("localhost", "1.3.6.1.5.5.7.3.1");
        var file = Path.Combine(directory, "server.pfx");
        File.WriteAllBytes(file, server.Export(X509ContentType.Pkcs12, password));
        return file;
    }

    /// <summary>A certificate with its key for a sender.</summary>
    public X509Certificate2 IssueClient() => Issue("sender", "1.3.6.1.5.5.7.3.2");

    public void Dispose()
    {
        authority.Dispose();
        key.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private X509Certificate2 Issue(string name, string usage)
    {
        using var subjectKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", subjectKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddMinutes(30), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(subjectKey);
    }
}
