namespace FhirFacade.Translation;

/// <summary>What referred to one resource refers to another from now on: two patients have become one, a visit has another number or patient.</summary>
/// <param name="Type">Patient or Encounter.</param>
/// <param name="From">Id of the resource that is no longer to be referred to; equal to <paramref name="To"/> if only the patient of a visit changes.</param>
/// <param name="To">Id of the one that takes its place.</param>
/// <param name="FromPatient">Id of the patient in whose record the references stand.</param>
/// <param name="ToPatient">Id of the patient in whose record they stand then.</param>
public sealed record ReferenceMove(string Type, string From, string To, string FromPatient, string ToPatient);
