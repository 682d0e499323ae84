using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.SearchParameters.Extraction;
using FhirFacade.Fhir.Terminology;

namespace FhirFacade.Fhir.Consents;

/// <summary>R4 Consent.provision.purpose: codes of v3-ActReason, each with the kinds of it.</summary>
internal static class ProvisionPurposes
{
    private const string ResearchPurpose = "HRESCH";

    private static readonly Lazy<string[]> All = new(() => [.. TerminologySet.R4.CodeSystem(PurposeOfUse.System)!.Concepts!.Select(concept => concept.Code)]);

    /// <summary>The rule for research only.</summary>
    public static ConsentProvision Research(ConsentProvision rule) => With(rule, [ResearchPurpose], false);

    /// <summary>The rule for the purposes that stand in the provision.</summary>
    /// <returns>The rule, and whether all of them are understood.</returns>
    public static (ConsentProvision Rule, bool IsUnderstood) Read(JsonElement provision, ConsentProvision rule)
    {
        if (provision.Property("purpose"u8).ValueKind == JsonValueKind.Undefined)
        {
            return (rule, true);
        }

        var codes = provision.Items("purpose"u8).Select(coding => coding.Text("system"u8) == PurposeOfUse.System && coding.Text("code"u8) is { } code && PurposeOfUse.IsA(code, code) ? code : null).ToList();
        var known = codes.OfType<string>().ToImmutableArray();
        return (With(rule, known, codes.Count == 0 || known.Length < codes.Count), known.Length == codes.Count);
    }

    private static ConsentProvision With(ConsentProvision rule, ImmutableArray<string> named, bool hasMore)
    {
        ImmutableArray<string> covered = [.. All.Value.Where(code => named.Any(one => PurposeOfUse.IsA(code, one)))];
        ImmutableArray<string> wider = [.. All.Value.Where(code => !covered.Contains(code) && named.Any(one => PurposeOfUse.IsA(one, code)))];
        return rule with { Purposes = new(covered, hasMore), WiderPurposes = new(wider, false) };
    }
}
