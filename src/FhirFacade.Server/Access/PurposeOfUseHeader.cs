using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Access.BreakGlass;
using FhirFacade.Server.Rest;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Access;

/// <summary>
/// <c>X-Purpose-Of-Use</c>: the code of v3-ActReason that says what one request to the FHIR API is for (<see cref="AccessGrant.Purpose"/>). Without it a request is for
/// what its token says, or for the usual purpose of its client. <c>BTG</c> is a matter of <see cref="Emergencies"/>.
/// </summary>
internal sealed class PurposeOfUseHeader(SmartSettings settings, Emergencies emergencies)
{
    /// <summary>The name of the header.</summary>
    public const string Name = "X-Purpose-Of-Use";

    /// <summary>The header in which a person says why it cannot wait, at the first request for <c>BTG</c>. It is written down for review, and nowhere else.</summary>
    public const string Reason = "X-Break-Glass-Reason";

    /// <summary>
    /// Middleware, after the caller is known. 400 for what is no purpose, 403 for one that the client or the person may not claim. Whatever the request makes of itself at
    /// once, such as the entries of a batch, has the same purpose.
    /// </summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var said = http.Request.Headers[Name];
        if (http.User.Identity is not { IsAuthenticated: true } || !http.Request.Path.StartsWithSegments("/fhir"))
        {
            return next(http);
        }
        if (said.Count == 0)
        {
            return GrantFactory.IsForEmergency(http.User) ? BreakGlassAsync(http, next) : next(http);
        }
        if (said is not [{ } purpose] || !PurposeOfUse.IsKnown(purpose))
        {
            return OutcomeResponse.WriteAsync(http, Refusal.BadRequest($"{Name} is to be one code of v3-PurposeOfUse", IssueType.CodeInvalid));
        }
        if (purpose == PurposeOfUse.BreakTheGlass)
        {
            return BreakGlassAsync(http, next);
        }
        if (GrantFactory.WithPurpose(http.User, purpose, settings) is not { } caller)
        {
            return OutcomeResponse.WriteAsync(http, Refusal.One(StatusCodes.Status403Forbidden, IssueType.Forbidden, "the client may not want data for this purpose of use"));
        }
        http.User = caller;
        return next(http);
    }

    private async Task BreakGlassAsync(HttpContext http, RequestDelegate next)
    {
        // An entry of a batch comes with what the batch was given.
        if (GrantFactory.From(http.User).Purpose == PurposeOfUse.BreakTheGlass)
        {
            await next(http);
            return;
        }
        var reason = http.Request.Headers[Reason];
        if (reason.Count > 0 && !(reason is [{ } text] && Emergencies.IsReason(text)))
        {
            await OutcomeResponse.WriteAsync(http, Refusal.BadRequest($"{Reason} is to be of {Emergencies.ShortestReason} to {Emergencies.LongestReason} characters"));
            return;
        }
        if (await emergencies.WidenAsync(http.User, reason, http.RequestAborted) is not { } caller)
        {
            await OutcomeResponse.WriteAsync(http, Refusal.One(
                StatusCodes.Status403Forbidden, IssueType.Forbidden, $"there is no emergency access: the person or the client has no right to it, {Reason} is missing, or its time is over"));
            return;
        }
        http.User = caller;
        await next(http);
    }
}
