using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Rest;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Access;

/// <summary>
/// <c>X-Purpose-Of-Use</c>: the code of v3-ActReason that says what one request to the FHIR API is for (<see cref="AccessGrant.Purpose"/>). Without it a request is for
/// what its token says, or for the usual purpose of its client.
/// </summary>
internal sealed class PurposeOfUseHeader(SmartSettings settings)
{
    /// <summary>The name of the header.</summary>
    public const string Name = "X-Purpose-Of-Use";

    /// <summary>
    /// Middleware, after the caller is known. 400 for what is no purpose, 403 for one that the client may not claim. Whatever the request makes of itself, entries of a
    /// batch or an answer that comes later, has the same purpose.
    /// </summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var said = http.Request.Headers[Name];
        if (said.Count == 0 || http.User.Identity is not { IsAuthenticated: true } || !http.Request.Path.StartsWithSegments("/fhir"))
        {
            return next(http);
        }
        if (said is not [{ } purpose] || !PurposeOfUse.IsKnown(purpose))
        {
            return OutcomeResponse.WriteAsync(http, Refusal.BadRequest($"{Name} is to be one code of v3-PurposeOfUse", IssueType.CodeInvalid));
        }
        if (GrantFactory.WithPurpose(http.User, purpose, settings) is not { } caller)
        {
            return OutcomeResponse.WriteAsync(http, Refusal.One(StatusCodes.Status403Forbidden, IssueType.Forbidden, "the client may not want data for this purpose of use"));
        }
        http.User = caller;
        return next(http);
    }
}
