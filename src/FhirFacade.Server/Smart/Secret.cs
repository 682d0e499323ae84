using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Smart;

/// <summary>Values that nobody can guess: codes, refresh tokens, launches, sessions, secrets of clients. Only their hash is kept.</summary>
/// <param name="Value">256 random bits, fit for URLs and cookies.</param>
/// <param name="Hash">What the database knows.</param>
public sealed record Secret(string Value, byte[] Hash)
{
    /// <summary>A new one.</summary>
    public static Secret Create()
    {
        var value = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));
        return new(value, SmartClient.Hash(value));
    }
}
