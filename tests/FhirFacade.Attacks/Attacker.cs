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

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Patient, User, System, Policy];
}
