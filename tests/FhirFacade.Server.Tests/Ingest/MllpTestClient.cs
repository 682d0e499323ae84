using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>An MLLP sender that can misbehave: it writes whatever bytes it is given, in whatever pieces.</summary>
internal sealed class MllpTestClient : IAsyncDisposable
{
    private readonly TcpClient client;
    private readonly Stream stream;
    private readonly List<byte> received = [];

    private MllpTestClient(TcpClient client, Stream stream)
    {
        this.client = client;
        this.stream = stream;
    }

    public static async Task<MllpTestClient> ConnectAsync(int port, SslClientAuthenticationOptions? tls = null)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", port);
        Stream stream = client.GetStream();
        if (tls is not null)
        {
            var secure = new SslStream(stream);
            await secure.AuthenticateAsClientAsync(tls);
            stream = secure;
        }

        return new(client, stream);
    }

    public static byte[] Frame(string message) => Frame(Encoding.UTF8.GetBytes(message));

    public static byte[] Frame(byte[] message) => [0x0B, .. message, 0x1C, 0x0D];

    public async Task WriteAsync(params byte[] bytes) => await stream.WriteAsync(bytes, TestContext.Current.CancellationToken);

    public Task SendAsync(string message)
    {
        Confided.Note(message);
        return WriteAsync(Frame(message));
    }

    /// <summary>The text of the next answer; null once the server has closed the connection.</summary>
    public async Task<string?> ReadTextAsync()
    {
        var buffer = new byte[4096];
        while (true)
        {
            var end = received.IndexOf(0x1C);
            if (end >= 0 && received.Count > end + 1)
            {
                var text = Encoding.UTF8.GetString([.. received[1..end]]);
                received.RemoveRange(0, end + 2);

                // Its header sends back what the sender calls itself.
                Overheard.Say("an acknowledgement", string.Join('\r', text.Split('\r').Where(segment => !segment.StartsWith("MSH", StringComparison.Ordinal) && !segment.StartsWith("BHS", StringComparison.Ordinal))));
                return text;
            }

            int count;
            try
            {
                count = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                return null;
            }

            if (count == 0)
            {
                return null;
            }

            received.AddRange(buffer.AsSpan(0, count));
        }
    }

    /// <summary>The next answer.</summary>
    public async Task<Hl7Message> ReadAsync()
    {
        var text = await ReadTextAsync();
        Assert.NotNull(text);
        return Assert.IsType<Hl7Message>(Hl7Message.Parse(Encoding.UTF8.GetBytes(text)).Message);
    }

    /// <summary>Sends a message and returns the answer to it.</summary>
    public async Task<Hl7Message> AskAsync(string message)
    {
        await SendAsync(message);
        return await ReadAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        client.Dispose();
    }
}
