namespace FhirFacade.Comparison;

/// <summary>Whose a difference is.</summary>
/// <param name="Whose"><c>theirs</c>, <c>ours</c> or <c>choice</c>.</param>
/// <param name="Reason">Why.</param>
public sealed record Verdict(string Whose, string Reason);
