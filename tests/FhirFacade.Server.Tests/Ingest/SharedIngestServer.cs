namespace FhirFacade.Server.Tests.Ingest;

/// <summary>One server with the settings of the demo for all tests of a class, which tell their messages apart by control id.</summary>
public sealed class SharedIngestServer : IAsyncLifetime
{
    internal IngestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await IngestServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
