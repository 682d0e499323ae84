using FhirFacade.Fhir.Outcomes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FhirFacade.Server.Rest;

/// <summary>405 for the methods that a route does not have (RFC 9110 section 15.5.6); OPTIONS tells those that it has.</summary>
internal static class OtherMethods
{
    /// <summary>Maps every method that no other endpoint of the same pattern has.</summary>
    public static void Refuse(IEndpointRouteBuilder routes, string pattern, string allowed) => routes.Map(pattern, http =>
    {
        http.Response.Headers.Allow = allowed + ", OPTIONS";
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }
        return OutcomeResponse.WriteAsync(http, StatusCodes.Status405MethodNotAllowed,
            Issue.Error(IssueType.NotSupported, "the method is not offered at this address"));
    });
}
