namespace FhirFacade.Fhir.Consents;

/// <summary>How the resource that a consent names stands to the data that it speaks of (http://hl7.org/fhir/consent-data-meaning).</summary>
public enum ConsentDataMeaning
{
    /// <summary>The resource itself.</summary>
    Instance,

    /// <summary>It, and what it refers to.</summary>
    Related,

    /// <summary>It, and what refers to it.</summary>
    Dependents,

    /// <summary>What it is the author of.</summary>
    AuthoredBy,
}

/// <summary>R4 Consent.provision.data.</summary>
/// <param name="Meaning">How the data stand to the resource.</param>
/// <param name="Type">The resource's type.</param>
/// <param name="Id">The resource's logical id on this server.</param>
public readonly record struct ConsentData(ConsentDataMeaning Meaning, string Type, string Id);
