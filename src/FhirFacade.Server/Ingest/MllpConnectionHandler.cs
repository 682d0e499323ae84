using Microsoft.AspNetCore.Connections;

namespace FhirFacade.Server.Ingest;

/// <summary>One MLLP connection: frames in, acknowledgements out in the same order.</summary>
internal sealed class MllpConnectionHandler : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection) => Task.CompletedTask;
}
