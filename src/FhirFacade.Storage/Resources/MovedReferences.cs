using System.Text.Json.Nodes;

namespace FhirFacade.Storage.Resources;

/// <summary>What referred to a resource refers to another from now on, or is another patient's.</summary>
/// <param name="From">Id of the resource that is no longer to be referred to; that of the other one if only its patient changes.</param>
/// <param name="FromPatient">Id of the patient in whose record the references stand.</param>
/// <param name="ToPatient">Id of the patient in whose record they stand then.</param>
public sealed record MovedReferences(string From, string FromPatient, string ToPatient)
{
    /// <summary>
    /// Not null if both ids are of one thing that has another number now: what was and will be said of the former is said of the latter, and this is
    /// what is left of the former.
    /// </summary>
    public JsonObject? Remainder { get; init; }
}
