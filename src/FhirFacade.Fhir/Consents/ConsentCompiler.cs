using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.SearchParameters.Extraction;

namespace FhirFacade.Fhir.Consents;

/// <summary>Reads a Consent (https://hl7.org/fhir/R4/consent.html) as rules. What can be read in two ways is read in the way that opens less.</summary>
public static class ConsentCompiler
{
    /// <summary>The rules of a consent; none of one that is not in force or not about data.</summary>
    /// <param name="consent">A Consent. Nothing about its shape is taken for granted.</param>
    public static CompiledConsent Compile(JsonElement consent)
    {
        if (consent.Text("status"u8) != "active" || ScopeOf(consent) is not { } scope || scope == ConsentScope.Other)
        {
            return new(null, [], []);
        }

        if (consent.Property("patient"u8).Text("reference"u8) is not { } reference || !RelativeReference.TryParse(reference, out var patient) || patient.Type != "Patient")
        {
            return new(null, [], [Issue.Warning(IssueType.NotSupported, "a consent takes effect for a patient of this server only, named by a relative reference", "Consent.patient")]);
        }

        var reader = new ProvisionReader(scope);
        reader.ReadRoot(consent);
        return new(patient.Id, reader.Provisions, reader.Issues);
    }

    // Treatment and advance directives say what is done to a person, not who learns of it.
    private static ConsentScope? ScopeOf(JsonElement consent)
    {
        var codes = consent.Property("scope"u8).Items("coding"u8)
            .Where(coding => coding.Text("system"u8) is "http://terminology.hl7.org/CodeSystem/consentscope").Select(coding => coding.Text("code"u8)).ToList();
        return codes.Contains("patient-privacy") ? ConsentScope.Privacy
            : codes.Contains("research") ? ConsentScope.Research
            : codes.Count > 0 && codes.TrueForAll(code => code is "treatment" or "adr") ? ConsentScope.Other
            : ConsentScope.Unknown;
    }
}
