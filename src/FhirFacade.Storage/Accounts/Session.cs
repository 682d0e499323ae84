namespace FhirFacade.Storage.Accounts;

/// <summary>A person who has signed in with a browser.</summary>
/// <param name="Id">SHA-256 of what the cookie holds.</param>
/// <param name="Account">Who it is.</param>
/// <param name="SignedInAt">When the password was given.</param>
public sealed record Session(byte[] Id, Guid Account, DateTimeOffset SignedInAt);
