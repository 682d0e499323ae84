namespace FhirFacade.Storage.Audit;

/// <summary>Which events are wanted; all conditions have to hold.</summary>
public sealed record AuditQuery
{
    /// <summary>The event at this place.</summary>
    public (long Block, int Number)? Place { get; init; }

    /// <summary>From this instant on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this instant.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>About this patient.</summary>
    public string? Patient { get; init; }

    /// <summary>Also about this patient: whom the caller's grant is bound to.</summary>
    public string? Granted { get; init; }

    /// <summary>By this user or application.</summary>
    public string? Agent { get; init; }

    /// <summary>C, R, U, D or E.</summary>
    public string? Action { get; init; }

    /// <summary>The interaction.</summary>
    public string? Kind { get; init; }

    /// <summary>About this resource, <c>Type/id</c>.</summary>
    public string? Entity { get; init; }

    /// <summary>For this purpose.</summary>
    public string? Purpose { get; init; }

    /// <summary>Whether it was refused or failed; null for both.</summary>
    public bool? Failed { get; init; }

    /// <summary>Only what gave data away: reads, searches, histories and operations that showed something.</summary>
    public bool DisclosuresOnly { get; init; }

    /// <summary>Before this place: the last of the page before.</summary>
    public (long Block, int Number)? After { get; init; }

    /// <summary>At most so many.</summary>
    public int Count { get; init; } = 50;

    /// <summary>Whether the event is one of those that are wanted.</summary>
    internal bool Includes(AuditRecord record) =>
        (Place is null || record.Place == Place)
        && (After is not { } after || record.Place!.Value.CompareTo(after) < 0)
        && (From is null || record.At >= From)
        && (Before is null || record.At < Before)
        && (Patient is null || (IsOfGranted(Patient) && record.Patients.Contains(Patient, StringComparer.Ordinal)))
        && (Granted is null || record.Patients.Contains(Granted, StringComparer.Ordinal))
        && (Agent is null || record.Subject == Agent || record.Client == Agent)
        && (Action is null || record.Action == Action)
        && (Kind is null || record.Kind == Kind)
        && (Purpose is null || record.Purpose == Purpose)
        && (Entity is null || record.Patients.Count <= 1 || IsOfGranted(Entity))
        && (Entity is null || record.Entities.Any(entity => entity.StartsWith(Entity, StringComparison.Ordinal) && entity.AsSpan(Entity.Length).StartsWith("/_history/")))
        && (Failed is null || record.IsFailure == Failed)
        && (!DisclosuresOnly || (record.Action is "R" or "E" && !record.IsFailure && record.Entities.Count > 0));

    // Of an event about several patients one of them is told nothing of the others: nor is it found by what is of them.
    internal bool IsOfGranted(string what) => Granted is null || what == Granted || what == "Patient/" + Granted;
}
