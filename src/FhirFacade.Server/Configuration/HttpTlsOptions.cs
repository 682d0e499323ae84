namespace FhirFacade.Server.Configuration;

/// <summary>TLS on the HTTP listener. The files are read again when they change; connections that are open stay.</summary>
public sealed class HttpTlsOptions
{
    /// <summary>The server's certificate with its intermediates after it: PEM, or PKCS #12 if the name ends in <c>.pfx</c> or <c>.p12</c>.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The private key (PEM). Unset: it is in <see cref="CertificateFile"/>, too.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Opens the private key, if it is encrypted. Also as <c>Http:Tls:Password:File</c>.</summary>
    public string? Password { get; init; }

    /// <summary>Whether there is a certificate.</summary>
    public bool IsEnabled => !string.IsNullOrEmpty(CertificateFile);
}
