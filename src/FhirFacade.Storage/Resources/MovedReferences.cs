namespace FhirFacade.Storage.Resources;

/// <summary>What referred to a resource refers to another from now on.</summary>
/// <param name="From">Id of the resource that is no longer to be referred to.</param>
/// <param name="FromPatient">Id of the patient in whose record the references stand.</param>
/// <param name="ToPatient">Id of the patient in whose record they stand then.</param>
public sealed record MovedReferences(string From, string FromPatient, string ToPatient);
