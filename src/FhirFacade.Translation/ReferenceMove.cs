using System.Text.Json.Nodes;

namespace FhirFacade.Translation;

/// <summary>What referred to one resource refers to another from now on, or is another patient's: patients, visits or accounts were merged or moved.</summary>
/// <param name="Type">Patient, Encounter or Account.</param>
/// <param name="From">Id of the resource that is no longer to be referred to; equal to <paramref name="To"/> if only the patient changes.</param>
/// <param name="To">Id of the one that takes its place.</param>
/// <param name="FromPatient">Id of the patient in whose record the references stand.</param>
/// <param name="ToPatient">Id of the patient in whose record they stand then.</param>
public sealed record ReferenceMove(string Type, string From, string To, string FromPatient, string ToPatient)
{
    /// <summary>
    /// Not null if both are one thing that has another number now: what was said of the former, and still will be, is said of the latter, and this
    /// resource stays in the former's place.
    /// </summary>
    public JsonObject? Remainder { get; init; }
}
