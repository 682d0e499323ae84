using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Consents;

/// <summary>What a Consent says, as far as it decides who may do what with a patient's data.</summary>
/// <param name="PatientId">Whose data; null if the consent decides nothing.</param>
/// <param name="Provisions">The rules, each after the one that it is an exception to; the first is the root. None: the consent decides nothing.</param>
/// <param name="Issues">Warnings: what was not understood, and closes more than its author may have meant.</param>
public sealed record CompiledConsent(string? PatientId, ImmutableArray<ConsentProvision> Provisions, ImmutableArray<Issue> Issues);
