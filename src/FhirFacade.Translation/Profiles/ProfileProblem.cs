namespace FhirFacade.Translation.Profiles;

/// <summary>Why a feed profile is not taken.</summary>
/// <param name="File">The file at fault.</param>
/// <param name="Line">1-based; 0 if it is the file as a whole.</param>
/// <param name="Reason">What is wrong there.</param>
public sealed record ProfileProblem(string File, int Line, string Reason)
{
    /// <summary><c>file:line: reason</c>.</summary>
    public override string ToString() => Line == 0 ? $"{File}: {Reason}" : FormattableString.Invariant($"{File}:{Line}: {Reason}");
}
