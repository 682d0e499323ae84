namespace FhirFacade.Storage.Authorizations;

/// <summary>What became of a code that was presented.</summary>
public abstract record CodeOutcome
{
    private CodeOutcome()
    {
    }

    /// <summary>It was good, and is used up by now.</summary>
    /// <param name="Authorization">What it stands for.</param>
    /// <param name="RedirectUri">Where it was sent.</param>
    /// <param name="Challenge">The S256 challenge (RFC 7636) that the verifier has to meet.</param>
    public sealed record Redeemed(Authorization Authorization, string RedirectUri, string Challenge) : CodeOutcome;

    /// <summary>It was used before: somebody else has it, too (RFC 6749 section 4.1.2).</summary>
    public sealed record Replayed(Guid Authorization) : CodeOutcome;

    /// <summary>There is no such code, or it is too old, or what it stood for has ended.</summary>
    public sealed record Unknown : CodeOutcome;
}
