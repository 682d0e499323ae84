using System.Security.Cryptography;

namespace FhirFacade.Attacks;

/// <summary>A server to attack, and what its operator lends for it. What is not lent is reported as not applicable.</summary>
/// <param name="FhirBase">Such as <c>https://host/fhir</c>.</param>
/// <param name="Owner">A client that may do everything (<c>system/*.cruds</c>): it makes what is attacked, and removes it.</param>
public sealed record Target(Uri FhirBase, ClientCredentials Owner)
{
    /// <summary>A client for which the site has a policy: it masks <see cref="MaskedElements"/> and excludes <see cref="ExcludedLabel"/>.</summary>
    public ClientCredentials? Restricted { get; init; }

    /// <summary>A client without a policy that may do everything (<c>system/*.cruds</c>), to which Y denies the record.</summary>
    public ClientCredentials? Denied { get; init; }

    /// <summary>Whether the site opens nothing without a consent.</summary>
    public bool IsOptIn { get; init; }

    /// <summary>A public app with <c>patient/*.cruds user/*.cruds offline_access</c> and the like.</summary>
    public string? App { get; init; }

    /// <summary>Where the app is sent back to.</summary>
    public string RedirectUri { get; init; } = "http://127.0.0.1:3000/callback";

    /// <summary>A practitioner who reaches patients by care teams.</summary>
    public string? User { get; init; }

    /// <summary>The password of both who may sign in.</summary>
    public string Password { get; init; } = "";

    /// <summary>Another practitioner, who may break the glass; the app's policy has to list <c>BTG</c>.</summary>
    public string? EmergencyUser { get; init; }

    /// <summary>Has the time pass of the emergency for which a token was used; only a test can.</summary>
    public Func<string, Task>? EndEmergencyAsync { get; init; }

    /// <summary>The kinds of attackers that are tried.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = Attacker.Kinds;

    /// <summary>The key that the server signs access tokens with; only a test has it.</summary>
    public ECDsa? ServerKey { get; init; }

    /// <summary>What the policy of <see cref="Restricted"/> has to mask.</summary>
    public static IReadOnlyList<string> MaskedElements { get; } = ["Patient.address", "Patient.telecom", "Observation.note", "Observation.performer", "Condition.code"];

    /// <summary>What the policy of <see cref="Restricted"/> has to exclude.</summary>
    public static string ExcludedLabel => "http://terminology.hl7.org/CodeSystem/v3-Confidentiality|R";
}
