using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FhirFacade.Benchmarks;

/// <summary>Answers each MLLP frame with the same acknowledgement and keeps nothing: what Kestrel and the network cost by themselves.</summary>
internal sealed class AckEcho : ConnectionHandler
{
    private static readonly byte[] Answer =
        "\vMSH|^~\\&|FACADE|NORTH|ADMIT|NORTH|20240517093013+0000||ACK^A01^ACK|A0000000000000000|P|2.5.1\rMSA|AA|C0000000000000000\r\u001c\r"u8.ToArray();

    /// <summary>A server that does only this. It does not start anything.</summary>
    /// <param name="port">On 127.0.0.1.</param>
    public static WebApplication Build(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, listen =>
        {
            listen.Protocols = HttpProtocols.None;
            listen.UseConnectionHandler<AckEcho>();
        }));
        return builder.Build();
    }

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        while (true)
        {
            var result = await input.ReadAsync();
            var buffer = result.Buffer;
            while (buffer.PositionOf((byte)0x1C) is { } end && buffer.Slice(end).Length >= 2)
            {
                buffer = buffer.Slice(buffer.GetPosition(2, end));
                await output.WriteAsync(Answer);
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }
}
