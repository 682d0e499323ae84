namespace FhirFacade.Server.Rest.Async;

/// <summary>Wakes the workers of this process when there is a new job.</summary>
internal sealed class AsyncSignal : IDisposable
{
    private readonly SemaphoreSlim waiting = new(0);

    /// <summary>There is one.</summary>
    public void Set() => waiting.Release();

    /// <summary>Until there is one, or the time is over: another instance may have left one.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken) => waiting.WaitAsync(longest, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => waiting.Dispose();
}
