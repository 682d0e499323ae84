namespace FhirFacade.Attacks;

/// <summary>The outcome of one attack by one kind of attacker.</summary>
/// <param name="Attack">Its name.</param>
/// <param name="Who">Which kind of token it had.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Reason">What was seen, or why it was not tried; empty where it was held.</param>
public sealed record Finding(string Attack, string Who, Verdict Verdict, string Reason)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var verdict = Verdict switch { Verdict.Held => "held", Verdict.Leaked => "LEAKED", Verdict.Broken => "BROKEN", _ => "not applicable" };
        return $"{verdict,-14} {Who,-8} {Attack}{(Reason.Length == 0 ? "" : ": " + Reason)}";
    }
}
