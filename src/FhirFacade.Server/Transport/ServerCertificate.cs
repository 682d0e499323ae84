using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FhirFacade.Server.Transport;

/// <summary>The certificate of a listener, as its files are: a certificate that is renewed counts for the next connection, without a restart.</summary>
/// <remarks>The files are looked at once a second at most, when somebody connects. While they do not belong together, as in the middle of a renewal, the one before stays.</remarks>
internal sealed partial class ServerCertificate
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string certificateFile;
    private readonly string? keyFile;
    private readonly string? password;
    private readonly string setting;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly Lock looking = new();
    private Loaded current;
    private long lookedAt;

    /// <summary>Reads the files.</summary>
    /// <param name="certificateFile">PEM, or PKCS #12 by its name.</param>
    /// <param name="keyFile">PEM; null: in the first file, too.</param>
    /// <param name="password">Of the key; null for none.</param>
    /// <param name="setting">What is named where something is wrong.</param>
    /// <param name="clock">Tells when to look again.</param>
    /// <param name="log">Is told of renewals.</param>
    /// <exception cref="StartupException">They cannot be read, or do not belong together.</exception>
    public ServerCertificate(string certificateFile, string? keyFile, string? password, string setting, TimeProvider clock, ILogger log)
    {
        (this.certificateFile, this.keyFile, this.password, this.setting, this.clock, this.log) = (certificateFile, string.IsNullOrEmpty(keyFile) ? null : keyFile, password, setting, clock, log);
        try
        {
            current = Load();
        }
        catch (Exception error) when (CertificateFiles.IsOfTheFiles(error))
        {
            throw new Configuration.StartupException($"{setting}: a certificate or key file cannot be read, or they do not belong together", error);
        }
        lookedAt = clock.GetTimestamp();
    }

    /// <summary>The certificate with its intermediates, to be shown to whoever connects now.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            if (clock.GetElapsedTime(Interlocked.Read(ref lookedAt)) >= Pause && looking.TryEnter())
            {
                try
                {
                    Look();
                }
                finally
                {
                    looking.Exit();
                }
            }
            return current.Context;
        }
    }

    private void Look()
    {
        Interlocked.Exchange(ref lookedAt, clock.GetTimestamp());
        try
        {
            if (!Stamp().AsSpan().SequenceEqual(current.Stamp))
            {
                current = Load();
                Renewed(log, setting);
            }
        }
        catch (Exception error) when (CertificateFiles.IsOfTheFiles(error))
        {
            Unusable(log, setting);
        }
    }

    private Loaded Load()
    {
        var stamp = Stamp();
        var (own, chain) = CertificateFiles.Read(certificateFile, keyFile, password);
        // Nothing is fetched on the way: what is missing in the file is missing in the answer.
        return new(SslStreamCertificateContext.Create(own, chain, offline: true), stamp);
    }

    // By content, as links and volumes change without a newer date.
    private byte[] Stamp()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(File.ReadAllBytes(certificateFile));
        hash.AppendData(keyFile is null ? [] : File.ReadAllBytes(keyFile));
        return hash.GetHashAndReset();
    }

    private sealed record Loaded(SslStreamCertificateContext Context, byte[] Stamp);

    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "{Setting}: another certificate is in use")]
    private static partial void Renewed(ILogger log, string setting);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "{Setting}: the files have changed and cannot be used as they are; the certificate before them stays in use")]
    private static partial void Unusable(ILogger log, string setting);
}
