using FhirFacade.Storage.Clients;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Smart;

/// <summary>Checks the signed JWT with which a client proves who it is (RFC 7523; SMART App Launch 2.2, client-confidential-asymmetric).</summary>
public sealed class ClientAssertion(SmartSettings settings, ClientCatalog clients, ClientKeys keys, UsedAssertions used, TimeProvider clock)
{
    /// <summary>The value of <c>client_assertion_type</c>.</summary>
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = 8 * 1024 };

    /// <summary>The registered client that signed the assertion, or null when any part of it does not hold.</summary>
    public async Task<SmartClient?> AuthenticateAsync(string assertion, CancellationToken cancellationToken)
    {
        if (Read(assertion) is not { } claimed || await clients.FindAsync(claimed.Issuer, cancellationToken) is not { Kind: ClientKind.Asymmetric } client)
        {
            return null;
        }
        var result = await handler.ValidateTokenAsync(assertion, Rules(client, await keys.FindAsync(client, claimed.Kid, cancellationToken)));
        if (!result.IsValid || result.SecurityToken is not JsonWebToken token)
        {
            return null;
        }
        var expires = new DateTimeOffset(token.ValidTo, TimeSpan.Zero);
        var holds = string.Equals(token.Subject, client.Id, StringComparison.Ordinal)
            && expires - clock.GetUtcNow() <= LongestLife + Skew
            && !string.IsNullOrEmpty(token.Id)
            && await used.TryUseAsync(client.Id, token.Id, expires + Skew, cancellationToken);
        return holds ? client : null;
    }

    private JsonWebToken? Read(string assertion)
    {
        try
        {
            return handler.CanReadToken(assertion) ? handler.ReadJsonWebToken(assertion) : null;
        }
        catch (ArgumentException)
        {
            return null;    // not a JWT: the client is unknown
        }
    }

    private TokenValidationParameters Rules(SmartClient client, IEnumerable<SecurityKey> its) => new()
    {
        ValidIssuer = client.Id,
        ValidAudience = settings.TokenEndpoint,
        IgnoreTrailingSlashWhenValidatingAudience = false,
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSha384],
        // The header must name one of the client's own keys; jku and jwk headers are never followed.
        IssuerSigningKeys = its,
        TryAllIssuerSigningKeys = false,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        ClockSkew = Skew,
    };
}
