namespace FhirFacade.Storage.Journal;

/// <summary>Tells the workers of this process that there is something to do, so that they need not look often.</summary>
public sealed class JournalSignal
{
    private TaskCompletionSource raised = New();

    /// <summary>Wakes everybody who waits.</summary>
    public void Raise() => Interlocked.Exchange(ref raised, New()).TrySetResult();

    /// <summary>What the next <see cref="Raise"/> completes. Take it before looking for work, await it when there was none.</summary>
    public Task Next => Volatile.Read(ref raised).Task;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
