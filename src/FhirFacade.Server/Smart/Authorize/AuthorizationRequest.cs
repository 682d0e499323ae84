namespace FhirFacade.Server.Smart.Authorize;

/// <summary>What an app asked for when it sent a browser here (RFC 6749 section 4.1.1), after it has been checked.</summary>
/// <param name="ClientId">The app.</param>
/// <param name="RedirectUri">One of the app's own.</param>
/// <param name="Scope">What it asked for, as far as the app may have it.</param>
/// <param name="State">Goes back as it came.</param>
/// <param name="Challenge">The S256 challenge (RFC 7636).</param>
public sealed record AuthorizationRequest(string ClientId, string RedirectUri, string Scope, string State, string Challenge)
{
    /// <summary>The launch that it takes up; null for a standalone launch.</summary>
    public string? Launch { get; init; }

    /// <summary>The app's own value for the id_token.</summary>
    public string? Nonce { get; init; }

    /// <summary>What the app wants data for, a code of v3-ActReason that it may claim; null where it does not say.</summary>
    public string? PurposeOfUse { get; init; }

    /// <summary>Why the person needs to see more than usual; null where nobody has said.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the app asks for emergency access.</summary>
    public bool IsEmergency => PurposeOfUse == Fhir.Access.PurposeOfUse.BreakTheGlass;

    /// <summary>Whether the person has to sign in for this request, even if they have before (<c>prompt=login</c>).</summary>
    public bool IsSignInWanted { get; init; }

    /// <summary>Whether no page may be shown (<c>prompt=none</c>).</summary>
    public bool IsSilent { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The patient who was picked on the way.</summary>
    public string? Patient { get; init; }

    /// <summary>The encounter that was picked on the way; empty if the person wanted none.</summary>
    public string? Encounter { get; init; }
}
