namespace FhirFacade.Storage.Authorizations;

/// <summary>What one person allowed one app to do. Codes, refresh tokens and access tokens come from it and end with it.</summary>
/// <param name="Id">Carried by every access token that comes from it.</param>
/// <param name="ClientId">The app.</param>
/// <param name="Account">The person.</param>
/// <param name="Scope">The scopes that were consented to, space separated.</param>
/// <param name="Context">The launch context as a JSON object: <c>patient</c>, <c>encounter</c> ...</param>
/// <param name="SignedInAt">When the person gave a password.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
public sealed record Authorization(Guid Id, string ClientId, Guid Account, string Scope, string Context, DateTimeOffset SignedInAt, DateTimeOffset ExpiresAt)
{
    /// <summary>The session (<see cref="Accounts.Session.Id"/>) without which it is nothing; null if it outlives the session.</summary>
    public byte[]? Session { get; init; }

    /// <summary>What was on the consent page, space separated.</summary>
    public string Offered { get; init; } = Scope;

    /// <summary>The app's own value for its id_token; null if it gave none.</summary>
    public string? Nonce { get; init; }
}
