namespace FhirFacade.Storage.Journal;

/// <summary>What came of the wish to process a message again.</summary>
public enum ReplayOutcome
{
    /// <summary>It waits for a worker again.</summary>
    Queued,

    /// <summary>There is no such row.</summary>
    NotFound,

    /// <summary>It has been waiting all along.</summary>
    AlreadyWaiting,

    /// <summary>The row repeats an earlier one; replay that.</summary>
    IsDuplicate,
}
