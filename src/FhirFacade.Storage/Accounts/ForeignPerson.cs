namespace FhirFacade.Storage.Accounts;

/// <summary>Somebody for whom a foreign issuer vouches.</summary>
/// <param name="Issuer">The issuer.</param>
/// <param name="Subject">What it calls the person.</param>
/// <param name="FhirUser">The resource that is this person.</param>
public sealed record ForeignPerson(string Issuer, string Subject, string? FhirUser);
