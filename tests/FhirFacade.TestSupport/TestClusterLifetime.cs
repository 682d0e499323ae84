namespace FhirFacade.TestSupport;

/// <summary>
/// Ends the <see cref="TestCluster"/> with the last test of an assembly that names it as its fixture, rather than while the
/// process exits, which the test runner allows only seconds for; and fails if a server of these tests wrote down what it may not (<see cref="Overheard"/>).
/// </summary>
public sealed class TestClusterLifetime : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await TestCluster.StopAsync();
        Overheard.Verify();
    }
}
