namespace FhirFacade.Storage.Audit;

/// <summary>One thing that was done or refused. It names who and whose, and holds no value of a patient's.</summary>
/// <param name="At">When, in whole microseconds.</param>
/// <param name="Action">C, R, U, D or E (https://hl7.org/fhir/R4/valueset-audit-event-action.html).</param>
/// <param name="Kind">The interaction (<c>read</c>, <c>search-type</c> ...), <c>$</c> and the name of an operation, or <c>token</c>, <c>message</c>, <c>configuration</c>, <c>trail</c>.</param>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="Subject">Who asked; empty for nobody known.</param>
/// <param name="Client">Through which application.</param>
/// <param name="Address">The network address it came from.</param>
/// <param name="Purpose">What for, a code of v3-ActReason; empty where it was not said.</param>
/// <param name="Correlation">The id of the request.</param>
/// <param name="Target">The path that was asked for, and the names of the parameters.</param>
/// <param name="Entities">The versions shown or made, as <c>Type/id/_history/n</c>.</param>
/// <param name="Patients">The ids of the patients whose they are.</param>
public sealed record AuditRecord(
    DateTimeOffset At, string Action, string Kind, int Status, string Subject, string Client, string Address, string Purpose, string Correlation, string Target,
    IReadOnlyList<string> Entities, IReadOnlyList<string> Patients)
{
    /// <summary>The patients of whom only the store's key is known so far; read again, they are among <see cref="Patients"/>.</summary>
    public IReadOnlyList<long> PatientKeys { get; init; } = [];

    /// <summary>Whether access was wider than usual, in an emergency that the caller stated.</summary>
    public bool IsEmergency { get; init; }

    /// <summary>Where it stands in the trail: the block and the number in it; null before it is written.</summary>
    public (long Block, int Number)? Place { get; init; }

    /// <summary>Whether what was asked for was refused or failed.</summary>
    public bool IsFailure => Status >= 400;

    /// <summary>A time as the trail keeps it.</summary>
    public static DateTimeOffset Microseconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
