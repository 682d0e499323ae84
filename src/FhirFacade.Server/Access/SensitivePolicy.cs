using System.Collections.Immutable;
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
            return new LabelFiles(options.SensitiveValueSets).Rules;
        }
        catch (Exception e) when (LabelFiles.IsUnusable(e))
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
        // Those that came while the server ran, too. Those that went close until it starts again.
        var categories = ReferenceEquals(rules, SensitivityRules.Served) ? rules.Categories : rules.Categories.AddRange(SensitivityRules.Served.Categories);
        var withheld = categories.Where(category => !named.Contains(category.Name) && !named.Contains(category.Codes.Url)).SelectMany(category => category.Known).Distinct().Select(label => $"{label.System}|{label.Code}");
        return grant with { Denials = [.. grant.Denials, .. ClientPolicy.Excluding([.. withheld])] };
    }

    private static bool IsForThePatient(string purpose) => PurposeOfUse.IsA(purpose, PurposeOfUse.Treatment) || PurposeOfUse.IsA(purpose, PurposeOfUse.PatientRequest);
}
