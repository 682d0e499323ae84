using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace FhirFacade.Server.Configuration;

/// <summary>TLS on the MLLP listener. All files are PEM.</summary>
public sealed class MllpTlsOptions
{
    /// <summary>The server's certificate, with its intermediate certificates after it. Empty: no TLS.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The private key of <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Whether a sender must, may or need not show a certificate.</summary>
    public ClientCertificateMode ClientCertificates { get; init; } = ClientCertificateMode.NoCertificate;

    /// <summary>
    /// The authorities whose client certificates are accepted. Empty: those that the operating system trusts.
    /// </summary>
    public string? ClientAuthorityFile { get; init; }

    /// <summary>Whether the listener speaks TLS.</summary>
    public bool IsEnabled => !string.IsNullOrEmpty(CertificateFile);
}
