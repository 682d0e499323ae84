using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Sensitivity;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Access;

/// <summary>Closes sensitive categories to grants that are not entitled to them. It never opens anything.</summary>
internal sealed class SensitivePolicy(SensitiveAccess access, SensitivityRules rules)
{
    private const string AnyCategory = "*";

    /// <summary>The categories of a site: those that are built in, and its own.</summary>
    /// <exception cref="StartupException">A file cannot be used; the message names the setting.</exception>
    public static SensitivityRules Rules(AccessOptions options)
    {
        try
        {
            return options.SensitiveValueSets.Count == 0 ? SensitivityRules.BuiltIn : SensitivityRules.BuiltIn.With([.. options.SensitiveValueSets.Select(file => JsonElement.Parse(File.ReadAllBytes(file)))]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException or ArgumentException)
        {
            throw new StartupException($"Access:SensitiveValueSets: {e.Message}", e);
        }
    }

    /// <summary>What is left of a grant.</summary>
    /// <param name="grant">With its purpose.</param>
    /// <param name="named">The categories that the client's policy names.</param>
    public AccessGrant Apply(AccessGrant grant, ImmutableArray<string> named)
    {
        if (access == SensitiveAccess.Open || named.Contains(AnyCategory) || grant.User is { Type: "Patient" } || (access == SensitiveAccess.Treatment && IsForThePatient(grant.Purpose)))
        {
            return grant;
        }
        var withheld = rules.Categories.Where(category => !named.Contains(category.Name)).SelectMany(category => category.Known).Distinct().Select(label => $"{label.System}|{label.Code}");
        return grant with { Denials = [.. grant.Denials, .. ClientPolicy.Excluding([.. withheld])] };
    }

    private static bool IsForThePatient(string purpose) => PurposeOfUse.IsA(purpose, PurposeOfUse.Treatment) || PurposeOfUse.IsA(purpose, PurposeOfUse.PatientRequest);
}
