using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>MLLP inside TLS.</summary>
public sealed class MllpTlsTests : IDisposable
{
    private readonly TestCertificates certificates = new("Test Authority");
    private readonly TestCertificates others = new("Other Authority");

    [Fact]
    public async Task A_message_passes_through_TLS()
    {
        await using var server = await StartAsync(ClientCertificateMode.NoCertificate);
        await using var client = await MllpTestClient.ConnectAsync(server.MllpPort, Trusting());

        Assert.Equal("AA", (await client.AskAsync(Messages.Admission("T-1"))).Get("MSA-1").Text);
    }

    [Fact]
    public async Task Without_TLS_nothing_is_taken()
    {
        await using var server = await StartAsync(ClientCertificateMode.NoCertificate);
        await using var client = await server.ConnectAsync();

        await client.SendAsync(Messages.Admission("T-2"));

        var answer = await client.ReadTextAsync();
        Assert.DoesNotContain("MSA", answer ?? "", StringComparison.Ordinal);
        Assert.Empty(await server.RowsAsync(""));
    }

    [Fact]
    public async Task A_sender_with_a_certificate_of_the_right_authority_is_let_in()
    {
        await using var server = await StartAsync(ClientCertificateMode.RequireCertificate);
        using var certificate = certificates.IssueClient();
        await using var client = await MllpTestClient.ConnectAsync(server.MllpPort, Trusting(certificate));

        Assert.Equal("AA", (await client.AskAsync(Messages.Admission("T-3"))).Get("MSA-1").Text);
    }

    [Fact]
    public async Task A_sender_without_a_certificate_is_turned_away()
    {
        await using var server = await StartAsync(ClientCertificateMode.RequireCertificate);

        Assert.Null(await TryAskAsync(server, Trusting()));
        Assert.Empty(await server.RowsAsync(""));
    }

    [Fact]
    public async Task A_sender_with_a_certificate_of_another_authority_is_turned_away()
    {
        await using var server = await StartAsync(ClientCertificateMode.RequireCertificate);
        using var certificate = others.IssueClient();

        Assert.Null(await TryAskAsync(server, Trusting(certificate)));
        Assert.Empty(await server.RowsAsync(""));
    }

    public void Dispose()
    {
        certificates.Dispose();
        others.Dispose();
    }

    // With TLS 1.3 the refusal of a client certificate arrives with the first read.
    private static async Task<string?> TryAskAsync(IngestServer server, SslClientAuthenticationOptions tls)
    {
        try
        {
            await using var client = await MllpTestClient.ConnectAsync(server.MllpPort, tls);
            await client.SendAsync(Messages.Admission("T-4"));
            return await client.ReadTextAsync();
        }
        catch (Exception error) when (error is IOException or AuthenticationException)
        {
            return null;
        }
    }

    private SslClientAuthenticationOptions Trusting(X509Certificate2? certificate = null) => new()
    {
        TargetHost = "localhost",
        ClientCertificates = certificate is null ? null : [certificate],
        CertificateChainPolicy = Trust.In(certificates.Authority),
    };

    private Task<IngestServer> StartAsync(ClientCertificateMode clients)
    {
        var (certificate, key) = certificates.IssueServer();
        return IngestServer.StartAsync(new()
        {
            Tls = new() { CertificateFile = certificate, KeyFile = key, ClientCertificates = clients, ClientAuthorityFile = certificates.AuthorityFile },
        });
    }
}
