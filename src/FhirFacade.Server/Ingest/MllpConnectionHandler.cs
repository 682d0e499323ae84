using System.Net;
using FhirFacade.Server.Configuration;
using Microsoft.AspNetCore.Connections;

namespace FhirFacade.Server.Ingest;

/// <summary>Takes the connections of the MLLP port, up to <see cref="MllpOptions.MaxConnections"/> at a time.</summary>
internal sealed class MllpConnectionHandler(FeedPipeline pipeline, Acknowledger acknowledger, ServerOptions options, ILogger<MllpConnectionHandler> log) : ConnectionHandler
{
    private int open;

    /// <summary>Serves one connection until either side ends it.</summary>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (Interlocked.Increment(ref open) > options.Mllp.MaxConnections)
        {
            Interlocked.Decrement(ref open);
            FeedLog.TooManyConnections(log, options.Mllp.MaxConnections);
            return;
        }

        FeedLog.Opened(log, connection.ConnectionId);
        try
        {
            var port = (connection.LocalEndPoint as IPEndPoint)?.Port ?? options.Mllp.Port;
            await new MllpConnection(connection, pipeline, acknowledger, options.Mllp, FormattableString.Invariant($"mllp:{port}"), log).RunAsync();
        }
        catch (Exception error) when (error is IOException or ConnectionResetException or ConnectionAbortedException or OperationCanceledException)
        {
            FeedLog.Lost(log, connection.ConnectionId, error.GetType().Name);
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }
}
