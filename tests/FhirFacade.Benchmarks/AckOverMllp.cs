using System.Net.Sockets;
using System.Text;

namespace FhirFacade.Benchmarks;

/// <summary>Sends over a socket and waits for MSA|AA in a frame.</summary>
internal sealed class AckOverMllp : AckLoad.ISender
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[4096];

    /// <param name="port">On 127.0.0.1.</param>
    public AckOverMllp(int port) => socket.Connect("127.0.0.1", port);

    /// <inheritdoc/>
    public void Send(AckSample message)
    {
        socket.Send(message.Frame);
        var length = 0;
        do
        {
            var read = socket.Receive(buffer, length, buffer.Length - length, SocketFlags.None);
            if (read == 0)
            {
                throw new InvalidOperationException("the server closed the connection");
            }

            length += read;
        }
        while (!buffer.AsSpan(0, length).EndsWith("\u001c\r"u8));

        if (buffer.AsSpan(0, length).IndexOf("MSA|AA|"u8) < 0)
        {
            throw new InvalidOperationException(Encoding.ASCII.GetString(buffer, 0, length));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();
}
