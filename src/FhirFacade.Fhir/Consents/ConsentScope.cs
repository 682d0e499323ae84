namespace FhirFacade.Fhir.Consents;

/// <summary>R4 Consent.scope, as far as it matters here.</summary>
internal enum ConsentScope
{
    /// <summary>Not understood: it may close, but opens nothing.</summary>
    Unknown,

    /// <summary><c>patient-privacy</c></summary>
    Privacy,

    /// <summary><c>research</c>: where a rule names no purpose, it is research.</summary>
    Research,

    /// <summary>Not about data.</summary>
    Other,
}
