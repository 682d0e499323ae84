namespace FhirFacade.Storage.Authorizations;

/// <summary>A key that tokens are signed with.</summary>
/// <param name="Kid">Its id.</param>
/// <param name="Algorithm"><c>ES384</c> or <c>RS256</c>.</param>
/// <param name="Jwk">The public half as JSON text.</param>
/// <param name="Sealed">The private half, which only who has the server's own key can open.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="IsRetired">It signs nothing more; tokens that it has signed are still good.</param>
public sealed record StoredKey(string Kid, string Algorithm, string Jwk, byte[] Sealed, DateTimeOffset CreatedAt, bool IsRetired);
