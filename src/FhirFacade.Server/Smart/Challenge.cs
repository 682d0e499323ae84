using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Rest;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Smart;

/// <summary>The answers to a request whose token is missing, unusable or of no use here (RFC 6750 section 3).</summary>
public static class Challenge
{
    /// <summary>401 with <c>WWW-Authenticate</c> and an OperationOutcome. Beyond expiry it does not tell why a token is refused.</summary>
    public static Task UnauthorizedAsync(JwtBearerChallengeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.HandleResponse();
        var (header, issue) = context.AuthenticateFailure switch
        {
            // A token that passed and is refused even so has been revoked.
            null when context.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) => Invalid,
            null => ("", Issue.Error(IssueType.Login, "an access token is needed: Authorization: Bearer")),
            SecurityTokenExpiredException => (Error("the access token has expired"), Issue.Error("expired", "the access token has expired")),
            _ => Invalid,
        };
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"fhirfacade\"" + header;
        return OutcomeResponse.WriteAsync(context.HttpContext, StatusCodes.Status401Unauthorized, issue);
    }

    /// <summary>403 with an OperationOutcome.</summary>
    public static Task ForbiddenAsync(ForbiddenContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"fhirfacade\", error=\"insufficient_scope\"";
        return OutcomeResponse.WriteAsync(context.HttpContext, StatusCodes.Status403Forbidden, Issue.Error(IssueType.Forbidden, "the access token does not open this"));
    }

    private static (string Header, Issue Issue) Invalid => (Error("the access token is not valid here"), Issue.Error(IssueType.Login, "the access token is not valid here"));

    private static string Error(string description) => $", error=\"invalid_token\", error_description=\"{description}\"";
}
