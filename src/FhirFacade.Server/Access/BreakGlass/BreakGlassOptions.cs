namespace FhirFacade.Server.Access.BreakGlass;

/// <summary>The settings under <c>Access:BreakGlass</c>: how far an emergency reaches. Who may claim one: accounts with the right, through clients whose policy lists <c>BTG</c>.</summary>
public sealed class BreakGlassOptions
{
    /// <summary>How long one lasts, from a minute to a day.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The claim of a foreign issuer's access tokens (<c>Smart:Authority</c>) that gives a person the right to claim one, such as <c>break_glass</c> or <c>scope</c>. Unset: with a foreign issuer there is no
    /// emergency access.
    /// </summary>
    public string? Claim { get; init; }

    /// <summary>The word that the claim has to hold, one among others that are parted by spaces.</summary>
    public string ClaimValue { get; init; } = "true";

    /// <summary>The claim in which the issuer says why, if it has asked the person; without it the request says so.</summary>
    public string ReasonClaim { get; init; } = "break_glass_reason";

    /// <summary>Whether it opens what carries a label that is excluded or withheld otherwise.</summary>
    public bool OverridesLabels { get; init; } = true;

    /// <summary>Whether it opens what the patient has denied.</summary>
    public bool OverridesConsent { get; init; } = true;
}
