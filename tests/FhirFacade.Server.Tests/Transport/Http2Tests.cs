using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using FhirFacade.Attacks.Http;
using FhirFacade.Server.Tests.Ingest;
using FhirFacade.Server.Tests.Rest;

namespace FhirFacade.Server.Tests.Transport;

/// <summary>HTTP/2 (RFC 9113) as real clients speak it, and as somebody misuses it.</summary>
public sealed class Http2Tests(SharedDatabase database) : IDisposable
{
    private const byte Headers = 1, Reset = 3, Settings = 4, GoAway = 7;

    private static readonly List<SslApplicationProtocol> Both = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private readonly TestCertificates certificates = new("Test Authority");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_requests_share_one_connection_and_each_sees_what_its_own_token_opens()
    {
        await using var server = await StartAsync();
        var (mine, theirs) = (FhirServer.NewId(), FhirServer.NewId());
        var root = server.Token(FhirServer.Everything);
        foreach (var id in new[] { mine, theirs })
        {
            await server.SendAsync(HttpMethod.Put, $"fhir/Patient/{id}", root, FhirServer.Patient(id).ToJsonString());
        }
        using var client = Client(server, HttpVersion.Version20);
        var (ofMine, ofTheirs) = (server.Token("patient/*.rs", mine), server.Token("patient/*.rs", theirs));
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var (token, id) = (i % 2 == 0 ? ofMine : ofTheirs, i % 4 < 2 ? mine : theirs);
            using var answer = await GetAsync(client, $"fhir/Patient/{id}", token);
            Assert.Equal(HttpVersion.Version20, answer.Version);
            return (IsOwn: token == ofMine == (id == mine), answer.StatusCode);
        }));
        Assert.All(answers, answer => Assert.Equal(answer.IsOwn ? HttpStatusCode.OK : HttpStatusCode.NotFound, answer.StatusCode));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_connection_that_brings_one_token_after_another_believes_none_for_the_other(int version)
    {
        await using var server = await StartAsync();
        var id = FhirServer.NewId();
        await server.SendAsync(HttpMethod.Put, $"fhir/Patient/{id}", server.Token(FhirServer.Everything), FhirServer.Patient(id).ToJsonString());
        using var client = Client(server, version == 2 ? HttpVersion.Version20 : HttpVersion.Version11);
        var (own, other) = (server.Token("patient/*.rs", id), server.Token("patient/*.rs", FhirServer.NewId()));
        for (var turn = 0; turn < 3; turn++)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, id, own));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, id, own));
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, id, other));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, id, null));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, id, own[..^2] + (own[^2] == 'A' ? 'B' : 'A') + own[^1]));
        }
    }

    [Fact]
    public async Task Whoever_does_not_speak_it_is_answered_in_one_and_a_site_can_turn_it_off()
    {
        await using var server = await StartAsync();
        Assert.Equal(SslApplicationProtocol.Http2, await AgreedAsync(server, Both));
        Assert.Equal(SslApplicationProtocol.Http11, await AgreedAsync(server, [SslApplicationProtocol.Http11]));
        Assert.Equal(default, await AgreedAsync(server, []));
        await using var without = await StartAsync(http2: false);
        Assert.Equal(SslApplicationProtocol.Http11, await AgreedAsync(without, Both));
    }

    [Fact]
    public async Task Headers_that_are_larger_than_allowed_are_refused_and_others_are_served_on()
    {
        await using var server = await StartAsync();
        using (var client = Client(server, HttpVersion.Version20))
        {
            using var ask = Ask(client, "health/live", null);
            foreach (var i in Enumerable.Range(0, 40))
            {
                ask.Headers.Add($"x-filler-{i}", new string('a', 1024));
            }
            var status = await client.SendAsync(ask, Stop).ContinueWith(sent => sent.IsCompletedSuccessfully ? sent.Result.StatusCode : HttpStatusCode.RequestHeaderFieldsTooLarge, TaskScheduler.Default);
            Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, status);
        }
        await AssertServedAsync(server);
    }

    [Fact]
    public async Task Who_begins_and_takes_back_requests_without_end_is_cut_off_and_others_are_served_on()
    {
        await using var server = await StartAsync();
        await using (var tls = await ConnectAsync(server, [SslApplicationProtocol.Http2]))
        {
            await tls.WriteAsync(Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Stop);
            await tls.WriteAsync(Frame(Settings, 0, 0, []), Stop);
            var wasCutOff = ReadToGoAwayAsync(tls);
            // :method GET, :scheme https, :path /health/ready, :authority localhost (RFC 7541, appendix A).
            byte[] ready = [0x82, 0x87, 0x04, 13, .. "/health/ready"u8, 0x01, 9, .. "localhost"u8];
            for (var stream = 1; stream < 400_000 && !wasCutOff.IsCompleted; stream += 2)
            {
                try
                {
                    await tls.WriteAsync((byte[])[.. Frame(Headers, 5, stream, ready), .. Frame(Reset, 0, stream, [0, 0, 0, 8])], Stop);
                }
                catch (IOException)
                {
                    break;      // cut off already
                }
            }
            Assert.True(await wasCutOff.WaitAsync(TimeSpan.FromSeconds(30), Stop));
        }
        await AssertServedAsync(server);
    }

    public void Dispose() => certificates.Dispose();

    private async Task<RunningServer> StartAsync(bool http2 = true)
    {
        var (certificate, key) = certificates.IssueServer();
        return await RunningServer.StartAsync(
            await database.DataSourceAsync(), http: new() { Tls = new() { CertificateFile = certificate, KeyFile = key }, Http2 = http2 }, authority: certificates.Authority);
    }

    private HttpClient Client(RunningServer server, Version version) => new(new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = Trust.In(certificates.Authority) }, MaxConnectionsPerServer = 1 })
    {
        BaseAddress = server.Client.BaseAddress,
        DefaultRequestVersion = version,
    };

    private async Task AssertServedAsync(RunningServer server)
    {
        using var client = Client(server, HttpVersion.Version20);
        using var answer = await client.SendAsync(Ask(client, "health/live", null), Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string patient, string? token)
    {
        using var answer = await GetAsync(client, $"fhir/Patient/{patient}", token);
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string? token)
    {
        using var ask = Ask(client, path, token);
        return await client.SendAsync(ask, Stop);
    }

    private static HttpRequestMessage Ask(HttpClient client, string path, string? token)
    {
        var ask = new HttpRequestMessage(HttpMethod.Get, path) { Version = client.DefaultRequestVersion, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        ask.Headers.Authorization = token is null ? null : new("Bearer", token);
        return ask;
    }

    private async Task<SslApplicationProtocol> AgreedAsync(RunningServer server, List<SslApplicationProtocol> offered)
    {
        await using var tls = await ConnectAsync(server, offered);
        return tls.NegotiatedApplicationProtocol;
    }

    private async Task<SslStream> ConnectAsync(RunningServer server, List<SslApplicationProtocol> offered)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port, Stop);
        var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", ApplicationProtocols = offered, CertificateChainPolicy = Trust.In(certificates.Authority) }, Stop);
        return tls;
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        (frame[1], frame[2], frame[3], frame[4]) = ((byte)(payload.Length >> 8), (byte)payload.Length, type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    private static async Task<bool> ReadToGoAwayAsync(SslStream tls)
    {
        var head = new byte[9];
        try
        {
            while (true)
            {
                await tls.ReadExactlyAsync(head, Stop);
                await tls.ReadExactlyAsync(new byte[(head[0] << 16) | (head[1] << 8) | head[2]], Stop);
                if (head[3] == GoAway)
                {
                    return true;
                }
            }
        }
        catch (IOException)
        {
            return true;        // without a word
        }
    }
}
