namespace FhirFacade.Translation.Profiles;

/// <summary>Ends the reading of one profile; it never leaves this folder.</summary>
internal sealed class InvalidProfileException(ProfileProblem problem) : Exception(problem.ToString())
{
    public InvalidProfileException(string file, int line, string reason) : this(new ProfileProblem(file, line, reason))
    {
    }

    public ProfileProblem Problem { get; } = problem;
}
