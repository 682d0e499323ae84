namespace FhirFacade.Storage.Authorizations;

/// <summary>What became of a refresh token that was presented.</summary>
public abstract record RefreshOutcome
{
    private RefreshOutcome()
    {
    }

    /// <summary>It was good, and another has taken its place.</summary>
    public sealed record Rotated(Authorization Authorization) : RefreshOutcome;

    /// <summary>It was replaced before, or belongs to another client: somebody has it who should not (RFC 9700 section 4.14).</summary>
    public sealed record Stolen(Guid Authorization) : RefreshOutcome;

    /// <summary>There is no such token, or what it stood for has ended.</summary>
    public sealed record Unknown : RefreshOutcome;
}
