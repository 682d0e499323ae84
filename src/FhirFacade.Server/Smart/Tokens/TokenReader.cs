using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FhirFacade.Server.Smart.Tokens;

/// <summary>Judges an access token by the same rules as a request that carries it.</summary>
public sealed class TokenReader(IOptionsMonitor<JwtBearerOptions> bearer, RevokedTokens revoked)
{
    /// <summary>The token if a request with it would be believed at this moment, or null.</summary>
    public async Task<JsonWebToken?> ReadAsync(string token)
    {
        var options = bearer.Get(JwtBearerDefaults.AuthenticationScheme);
        var result = await options.TokenHandlers[0].ValidateTokenAsync(token, options.TokenValidationParameters);
        return result is { IsValid: true, SecurityToken: JsonWebToken read } && !revoked.IsRevoked(new ClaimsPrincipal(result.ClaimsIdentity)) ? read : null;
    }
}
