using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Smart;

/// <summary>Issues access tokens: signed JWTs in the form of RFC 9068, for this server's FHIR base only.</summary>
public sealed class AccessTokens(SmartSettings settings, SigningKeys keys, TimeProvider clock)
{
    /// <summary>The JWT <c>typ</c> of an access token; a client assertion can therefore never be used as one.</summary>
    public const string TokenType = "at+jwt";

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>How long an issued token holds.</summary>
    public TimeSpan Lifetime => settings.TokenLifetime;

    /// <summary>Signs a token.</summary>
    /// <param name="subject">The user, or the client itself when no user takes part.</param>
    /// <param name="clientId">The client that the token is given to.</param>
    /// <param name="scope">The granted scopes, space separated.</param>
    /// <param name="patientId">The patient in context; without it <c>patient/</c> scopes open nothing.</param>
    /// <param name="lifetime">Null takes <see cref="Lifetime"/>.</param>
    public string Issue(string subject, string clientId, string scope, string? patientId = null, TimeSpan? lifetime = null) =>
        Issue(subject, clientId, scope, patientId is null ? [] : [new("patient", patientId)], lifetime);

    /// <summary>Signs a token with further claims.</summary>
    public string Issue(string subject, string clientId, string scope, IEnumerable<KeyValuePair<string, object>> more, TimeSpan? lifetime = null)
    {
        ArgumentNullException.ThrowIfNull(more);
        var now = clock.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object>
        {
            ["sub"] = subject,
            ["client_id"] = clientId,
            ["scope"] = scope,
            ["jti"] = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(16)),
        };
        foreach (var (name, value) in more)
        {
            claims.Add(name, value);
        }
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = TokenType,
            Issuer = settings.Issuer,
            Audience = settings.FhirBase,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + (lifetime ?? Lifetime),
            Claims = claims,
            SigningCredentials = keys.AccessKey.Credentials,
        });
    }
}
