using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Storage.Resources;

/// <summary>What a write did. A closed set: the records nested here.</summary>
public abstract record WriteOutcome
{
    private WriteOutcome()
    {
    }

    /// <summary>
    /// Whether a transaction that holds this write cannot be committed. Deleting what is not there, or is not open to the grant, is
    /// no failure: the two are not told apart.
    /// </summary>
    public bool IsFailure => this is Conflict or Forbidden or Invalid or NotFound { IsFailed: true };

    /// <summary>The one patient in whose compartment the version is that was created, updated or left; null for none.</summary>
    public string? PatientId { get; init; }

    /// <summary>The resource did not exist and does now; after a deletion its version goes on counting.</summary>
    public sealed record Created(StoredResource Resource) : WriteOutcome;

    /// <summary>There is a new version.</summary>
    public sealed record Updated(StoredResource Resource) : WriteOutcome;

    /// <summary>The content is that of the current version, which stays.</summary>
    public sealed record Unchanged(StoredResource Resource) : WriteOutcome;

    /// <summary>It is deleted; also if it was before.</summary>
    /// <param name="Version">The version that the deletion is.</param>
    /// <param name="LastUpdated">When it was deleted.</param>
    public sealed record Deleted(int Version, DateTimeOffset LastUpdated) : WriteOutcome
    {
        /// <summary>The deletion as a version, with the content that it ended, or with the patient whose that was.</summary>
        public required StoredResource Deletion { get; init; }
    }

    /// <summary>If-Match named another version than the current one.</summary>
    public sealed record Conflict : WriteOutcome;

    /// <summary>It is not there, or the grant opens nothing of it.</summary>
    /// <param name="IsFailed">False for a deletion, which has nothing left to do.</param>
    public sealed record NotFound(bool IsFailed = true) : WriteOutcome;

    /// <summary>What a change would make of it cannot be stored.</summary>
    public sealed record Invalid(ImmutableArray<Issue> Issues) : WriteOutcome;

    /// <summary>The grant does not let this be written.</summary>
    public sealed record Forbidden : WriteOutcome;
}
