namespace FhirFacade.Fuzz;

/// <summary>What a run has found.</summary>
/// <param name="Number">The input's number.</param>
/// <param name="What">What it did: an exception with its place, a hang, memory.</param>
/// <param name="IsFatal">Whether the process or thread that ran it is lost, so that another process has to try again.</param>
public sealed record FuzzFinding(long Number, string What, bool IsFatal = false);
