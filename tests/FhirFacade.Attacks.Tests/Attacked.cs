namespace FhirFacade.Attacks.Tests;

/// <summary>What the attacks found on a server that is as it should be.</summary>
public sealed class Attacked : IAsyncLifetime
{
    public IReadOnlyList<Finding> Findings { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        await using var server = await AttackedServer.StartAsync();
        Findings = await AttackSuite.RunAsync(server.Target, null, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
