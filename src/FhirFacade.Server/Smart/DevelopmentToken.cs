namespace FhirFacade.Server.Smart;

/// <summary>A token signed without any client or user having proven anything: for demonstrations only.</summary>
public static class DevelopmentToken
{
    /// <summary>Signs a token for client <c>development</c>, or returns null when the demo switch is off.</summary>
    /// <param name="settings">Settings of the server that is to accept the token.</param>
    /// <param name="scope">SMART scopes, space separated.</param>
    /// <param name="patientId">The patient in context for <c>patient/</c> scopes.</param>
    /// <param name="lifetime">Null takes one hour.</param>
    /// <exception cref="IOException">The signing key cannot be read.</exception>
    public static string? Issue(SmartSettings settings, string scope, string? patientId, TimeSpan? lifetime = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (!settings.Demo || settings.Authority is not null)
        {
            return null;
        }
        using var key = SigningKey.LoadOrCreate(settings.KeyDirectory);
        return new AccessTokens(settings, key, TimeProvider.System)
            .Issue("development", "development", scope, patientId, lifetime ?? TimeSpan.FromHours(1));
    }
}
