using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Smart;

/// <summary>What an access token must be to be believed: signature, algorithm, type, issuer, audience and lifetime.</summary>
public static class BearerValidation
{
    private const int LargestToken = 16 * 1024;

    /// <summary>Accepts tokens of the built-in issuer, or of the foreign one that the settings name; never of both.</summary>
    public static void Configure(JwtBearerOptions options, SmartSettings settings, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(key);
        options.MapInboundClaims = false;
        options.SaveToken = false;
        options.IncludeErrorDetails = false;
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(new JsonWebTokenHandler { MapInboundClaims = false, MaximumTokenSizeInBytes = LargestToken });
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAudience = settings.FhirBase,
            ValidateIssuer = true,
            ValidateAudience = true,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            ValidateLifetime = true,
            ValidateIssuerSigningKey = true,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            NameClaimType = "sub",
        };
        if (settings.Authority is { } foreign)
        {
            TrustForeign(options, foreign);
        }
        else
        {
            TrustOurselves(options.TokenValidationParameters, settings, key);
        }
        options.Events = new JwtBearerEvents { OnTokenValidated = context => GrantFactory.AttachAsync(context, settings), OnChallenge = Challenge.UnauthorizedAsync, OnForbidden = Challenge.ForbiddenAsync };
    }

    private static void TrustOurselves(TokenValidationParameters parameters, SmartSettings settings, SigningKey key)
    {
        parameters.ValidIssuer = settings.Issuer;
        parameters.ValidTypes = [AccessTokens.TokenType];
        parameters.ValidAlgorithms = [SecurityAlgorithms.EcdsaSha384];
        parameters.IssuerSigningKey = key.PublicKey;
        parameters.TryAllIssuerSigningKeys = false;
        parameters.ClockSkew = TimeSpan.Zero;
    }

    private static void TrustForeign(JwtBearerOptions options, Uri authority)
    {
        // Issuer and keys come from the authority's discovery document, fetched by the handler and refreshed when a key is unknown.
        options.Authority = authority.AbsoluteUri.TrimEnd('/');
        options.RequireHttpsMetadata = !authority.IsLoopback;
        var parameters = options.TokenValidationParameters;
        parameters.ValidTypes = [AccessTokens.TokenType, "application/" + AccessTokens.TokenType, "JWT"];
        parameters.ValidAlgorithms =
        [
            SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha256,
            SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384,
        ];
        parameters.TryAllIssuerSigningKeys = false;
        parameters.ClockSkew = TimeSpan.FromSeconds(30);
    }
}
