namespace FhirFacade.Server.Smart;

/// <summary>The settings under <c>Smart:KeyCertificate</c>: a certificate (RSA) that encrypts the framework's data protection keys where they are kept, instead of the sealing key.</summary>
public sealed class KeyCertificateOptions
{
    /// <summary>The certificate: PEM, or PKCS #12 if the name ends in <c>.pfx</c> or <c>.p12</c>.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The private key (PEM). Unset: it is in <see cref="CertificateFile"/>, too.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Opens the private key, if it is encrypted. Also as <c>Smart:KeyCertificate:Password:File</c>.</summary>
    public string? Password { get; init; }

    /// <summary>Certificates with their keys from before (PKCS #12 or PEM, the same password), by which keys are still opened that were encrypted to them.</summary>
    public IReadOnlyList<string> Earlier { get; init; } = [];
}
