using FhirFacade.Server.Configuration;
using FhirFacade.Server.Tests.Rest;

namespace FhirFacade.Server.Tests.Phi;

/// <summary>A server that checks all that it is sent, for the tests of a class.</summary>
public sealed class StrictServer(SharedDatabase database) : IAsyncLifetime
{
    public RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Server = await RunningServer.StartAsync(await database.DataSourceAsync(), demo: false, rest: new RestOptions { Validation = WriteValidation.Profiles });

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
