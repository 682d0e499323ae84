namespace FhirFacade.Attacks;

/// <summary>Somebody with a true token who would like to see more than it opens.</summary>
/// <param name="Kind">Which kind of grant the token has.</param>
/// <param name="TokenAsync">A token that is good for some minutes.</param>
/// <param name="Forbidden">The beginnings of the words that this attacker may not hear.</param>
public sealed record Attacker(string Kind, Func<Task<string>> TokenAsync, IReadOnlyList<string> Forbidden)
{
    /// <summary>A patient's app: one patient is open.</summary>
    public const string Patient = "patient";

    /// <summary>A practitioner's app: the patients of their care teams are open.</summary>
    public const string User = "user";

    /// <summary>A back-end service with granular scopes: what bears one identifier is open.</summary>
    public const string System = "system";

    /// <summary>A back-end service whose policy masks elements and excludes a label.</summary>
    public const string Policy = "policy";

    /// <summary>A practitioner without the right to break the glass, who claims an emergency with each request.</summary>
    public const string NoEmergency = "no emergency";

    /// <summary>A practitioner whose emergency is over, and who goes on claiming it.</summary>
    public const string EmergencyOver = "emergency over";

    /// <summary>A practitioner whose emergency is under way, and who does not claim it.</summary>
    public const string EmergencyUnclaimed = "emergency unclaimed";

    /// <summary>A practitioner who broke the glass for one patient.</summary>
    public const string EmergencyOfOne = "emergency of one";

    /// <summary>A back-end service that says a purpose of use which it may not claim.</summary>
    public const string Purpose = "purpose";

    /// <summary>Those who may see less than all by their tokens and policies.</summary>
    public static IReadOnlyList<string> Grants { get; } = [Patient, User, System, Policy];

    /// <summary>Those who say what a request is for.</summary>
    public static IReadOnlyList<string> Claims { get; } = [NoEmergency, EmergencyOver, EmergencyUnclaimed, EmergencyOfOne, Purpose];

    /// <summary>Those of them who are refused whatever they ask for.</summary>
    public static IReadOnlyList<string> Refused { get; } = [NoEmergency, EmergencyOver, Purpose];

    /// <summary>All kinds; the others are those whom a consent denies the record, each in another way.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Grants, .. Claims, .. Worlds.DenyingConsent.All.Select(consent => consent.Kind)];

    /// <summary>What each of their requests says beside the token.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Whether every request is to be refused, whatever it asks for.</summary>
    public bool IsRefused => Refused.Contains(Kind);

    /// <summary>In which formats they ask: those whose tokens and policies close something in both.</summary>
    public IReadOnlyList<string> Formats => Grants.Contains(Kind) ? [Probes.ProbeRun.Json, Probes.ProbeRun.Xml] : [Probes.ProbeRun.Json];

    /// <summary>Whether all that X has is open to them.</summary>
    public bool SeesAllOfX => Kind != Policy && !IsRefused;
}
