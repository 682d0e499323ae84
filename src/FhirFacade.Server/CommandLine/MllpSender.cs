using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using FhirFacade.Hl7v2.Acks;
using FhirFacade.Hl7v2.Framing;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.CommandLine;

/// <summary>One MLLP connection as a sender: sends a message, waits for its answer.</summary>
internal sealed class MllpSender : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WaitForRefusal = TimeSpan.FromMilliseconds(500);

    private readonly TcpClient client;
    private readonly NetworkStream stream;
    private readonly PipeReader input;
    private readonly MllpReader frames = new();

    private MllpSender(TcpClient client)
    {
        this.client = client;
        stream = client.GetStream();
        input = PipeReader.Create(stream);
    }

    /// <exception cref="StartupException">Nobody listens there.</exception>
    public static async Task<MllpSender> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(host, port, cancellationToken);
            return new(client);
        }
        catch (SocketException error)
        {
            client.Dispose();
            throw new StartupException(FormattableString.Invariant($"no MLLP server at {host} port {port}: {error.Message}"), error);
        }
    }

    /// <summary>
    /// Sends the message and returns the answer to it; null if none came and none was wished for by MSH-15 and MSH-16
    /// (then only a refusal is waited for, and not for long).
    /// </summary>
    /// <exception cref="StartupException">
    /// The server closed the connection, answered something that is no message, or left the message unanswered for 30 seconds.
    /// </exception>
    public async Task<Hl7Message?> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var mode = AckMode.Of(Hl7Message.Parse(message).Message);
        var expectsAnswer = mode.WantsAccept(true) || mode.WantsApplication(true);
        await stream.WriteAsync(MllpWriter.Frame(message.Span), cancellationToken);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(expectsAnswer ? LongestWait : WaitForRefusal);
        try
        {
            return await AnswerAsync(waiting.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return expectsAnswer ? throw new StartupException("the server did not answer within 30 seconds") : null;
        }
    }

    private async Task<Hl7Message> AnswerAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            var read = frames.TryReadFrame(ref buffer, out var frame);
            var answer = read == MllpRead.Frame ? frame.ToArray() : null;
            input.AdvanceTo(buffer.Start, read == MllpRead.Incomplete ? buffer.End : buffer.Start);
            if (answer is not null)
            {
                return Hl7Message.Parse(answer).Message ?? throw new StartupException("the server's answer is no HL7 v2 message");
            }

            if (result.IsCompleted && read == MllpRead.Incomplete)
            {
                throw new StartupException("the server closed the connection without an answer");
            }
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => client.Dispose();
}
