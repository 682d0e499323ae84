namespace FhirFacade.Server.Smart;

/// <summary>A token signed without any client or user having proven anything: for demonstrations only.</summary>
public static class DevelopmentToken
{
    /// <summary>Signs a token for client <c>development</c>, or returns null when the demo switch is off.</summary>
    /// <param name="tokens">Of the server that is to accept the token.</param>
    /// <param name="settings">Settings of that server.</param>
    /// <param name="scope">SMART scopes, space separated.</param>
    /// <param name="patientId">The patient in context for <c>patient/</c> scopes.</param>
    /// <param name="lifetime">Null takes one hour.</param>
    public static string? Issue(AccessTokens tokens, SmartSettings settings, string scope, string? patientId, TimeSpan? lifetime = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Demo && settings.Authority is null ? tokens.Issue("development", "development", scope, patientId, lifetime ?? TimeSpan.FromHours(1)) : null;
    }
}
