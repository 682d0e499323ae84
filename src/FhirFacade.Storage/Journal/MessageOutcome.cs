using System.Collections.Immutable;
using FhirFacade.Storage.Resources;

namespace FhirFacade.Storage.Journal;

/// <summary>What a message has become, to be recorded with it. A closed set: the records nested here.</summary>
public abstract record MessageOutcome
{
    private MessageOutcome()
    {
    }

    /// <summary>The feed as which it was read ("lab@3f2a9c01d2e4"); null if it did not come so far.</summary>
    public string? Feed { get; init; }

    /// <summary>It says this about these resources; may be nothing.</summary>
    /// <param name="Changes">In the order in which they are to be applied.</param>
    /// <param name="Unmapped">Coordinates of populated fields that no mapping used ("PID-31").</param>
    /// <param name="Warnings">What was not as it should be.</param>
    public sealed record Store(
        ImmutableArray<ResourceChange> Changes,
        ImmutableArray<string> Unmapped = default,
        ImmutableArray<JournalWarning> Warnings = default) : MessageOutcome;

    /// <summary>It cannot be stored, and trying again would not help.</summary>
    public sealed record Fail(JournalError Error) : MessageOutcome;
}
