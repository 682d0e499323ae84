using System.Security.Claims;
using FhirFacade.Fhir.Sensitivity;

namespace FhirFacade.Server.Smart;

/// <summary>A token whose signature was checked.</summary>
/// <param name="Principal">Whose it is.</param>
/// <param name="Until">When it is to be checked again.</param>
/// <param name="Rules">The sensitive categories by which its grant was made.</param>
internal sealed record PassedToken(ClaimsPrincipal Principal, DateTimeOffset Until, SensitivityRules Rules);
