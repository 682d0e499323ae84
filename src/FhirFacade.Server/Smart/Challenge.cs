using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart;

/// <summary>The answers to a request whose token is missing, unusable or of no use here (RFC 6750 section 3).</summary>
public static class Challenge
{
    /// <summary>401 with <c>WWW-Authenticate</c> and an OperationOutcome that does not tell why the token was refused beyond expiry.</summary>
    public static Task UnauthorizedAsync(JwtBearerChallengeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.HandleResponse();
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    /// <summary>403 with an OperationOutcome.</summary>
    public static Task ForbiddenAsync(ForbiddenContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
