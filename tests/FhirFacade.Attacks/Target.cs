using System.Security.Cryptography;

namespace FhirFacade.Attacks;

/// <summary>A server to attack, and what its operator lends for it. What is not lent is reported as not applicable.</summary>
/// <param name="FhirBase">Such as <c>https://host/fhir</c>.</param>
/// <param name="Owner">A client that may do everything (<c>system/*.cruds</c>): it makes what is attacked, and removes it.</param>
public sealed record Target(Uri FhirBase, ClientCredentials Owner)
{
    /// <summary>A client for which the site has a policy: it masks <see cref="MaskedElements"/> and excludes <see cref="ExcludedLabel"/>.</summary>
    public ClientCredentials? Restricted { get; init; }

    /// <summary>A public app with <c>patient/*.cruds user/*.cruds offline_access</c> and the like.</summary>
    public string? App { get; init; }

    /// <summary>Where the app is sent back to.</summary>
    public string RedirectUri { get; init; } = "http://127.0.0.1:3000/callback";

    /// <summary>A practitioner who reaches patients by care teams.</summary>
    public string? User { get; init; }

    public string Password { get; init; } = "";

    /// <summary>The key that the server signs access tokens with; only a test has it.</summary>
    public ECDsa? ServerKey { get; init; }

    /// <summary>What the policy of <see cref="Restricted"/> has to mask.</summary>
    public static IReadOnlyList<string> MaskedElements { get; } = ["Patient.address", "Patient.telecom", "Observation.note", "Observation.performer", "Condition.code"];

    /// <summary>What the policy of <see cref="Restricted"/> has to exclude.</summary>
    public static string ExcludedLabel => "http://terminology.hl7.org/CodeSystem/v3-Confidentiality|R";
}
