namespace FhirFacade.Attacks.Tests;

/// <summary>What the attacks found on servers that are as they should be: one of each way of asking for consents.</summary>
public sealed class Attacked : IAsyncLifetime
{
    public IReadOnlyList<Finding> Findings { get; private set; } = [];

    public async ValueTask InitializeAsync() =>
        Findings = [.. (await Task.WhenAll(RunAsync(false, [.. Attacker.Kinds.Except(OptIn)]), RunAsync(true, [Attacker.System, .. OptIn]))).SelectMany(findings => findings)];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static IEnumerable<string> OptIn => Worlds.DenyingConsent.All.Where(consent => consent.IsOptIn).Select(consent => consent.Kind);

    private static async Task<IReadOnlyList<Finding>> RunAsync(bool isOptIn, IReadOnlyList<string> kinds)
    {
        await using var server = await AttackedServer.StartAsync(isOptIn);
        return await AttackSuite.RunAsync(server.Target with { Kinds = kinds }, null, TestContext.Current.CancellationToken);
    }
}
