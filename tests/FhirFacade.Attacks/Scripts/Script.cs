namespace FhirFacade.Attacks.Scripts;

/// <summary>An attack of several steps.</summary>
/// <param name="Name">Its path, a colon, and what is done.</param>
/// <param name="Kinds">The attackers that it has a meaning for.</param>
/// <param name="RunAsync">Carries it out: what leaked, or nothing.</param>
public sealed record Script(string Name, IReadOnlyList<string> Kinds, Func<Stage, Task<string>> RunAsync)
{
    /// <summary>An attack by whoever has a token.</summary>
    public Script(string name, Func<Stage, Task<string>> runAsync) : this(name, [.. Attacker.Grants, Attacker.EmergencyUnclaimed, Attacker.EmergencyOfOne], runAsync)
    {
    }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Script> All { get; } = [.. PageScripts.All, .. AsyncScripts.All, .. WriteScripts.All, .. GuessScripts.All, .. ScopeScripts.All];
}
