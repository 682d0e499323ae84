using System.Globalization;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Admin;
using FhirFacade.Server.Rest;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FhirFacade.Server.Access.BreakGlass;

/// <summary><c>/site/break-glass</c>: the emergencies that somebody has to look into. It needs a token with <see cref="SiteScopes.Review"/>.</summary>
internal sealed class BreakGlassReview(BreakGlassStore store)
{
    /// <summary>Where its routes are.</summary>
    public const string Root = "/site";

    private const int LargestBody = 8 * 1024;

    /// <summary>Maps the routes, which need a token.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Root + "/break-glass", ListAsync).RequireAuthorization();
        routes.MapPost(Root + "/break-glass/{id:guid}/reviewed", ReviewAsync).RequireAuthorization();
    }

    private Task ListAsync(HttpContext http) => GuardedAsync(http, async () =>
    {
        var events = await store.ListAsync(http.Request.Query["all"] == "true", http.RequestAborted);
        await TokenResponse.WriteAsync(http, new JsonObject { ["events"] = new JsonArray([.. events.Select(Describe)]) });
    });

    private Task ReviewAsync(HttpContext http) => GuardedAsync(http, async () =>
    {
        if (await JsonBody.ReadAsync(http, LargestBody) is not { } said || !AdminAnswer.AreTexts(said, "note"))
        {
            await OutcomeResponse.WriteAsync(http, StatusCodes.Status400BadRequest, Issue.Error(IssueType.Structure, "the body is to be a JSON object; its member note, if it is there, a text"));
            return;
        }
        var by = GrantFactory.From(http.User).Subject;
        if (!await store.ReviewAsync(Guid.Parse((string)http.Request.RouteValues["id"]!, CultureInfo.InvariantCulture), by, AdminAnswer.Text(said, "note"), http.RequestAborted))
        {
            await OutcomeResponse.WriteAsync(http, StatusCodes.Status404NotFound, Issue.Error(IssueType.NotFound, "there is no such event, or somebody has looked into it before"));
            return;
        }
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    });

    private static Task GuardedAsync(HttpContext http, Func<Task> answer) =>
        SiteScopes.Opens(http.User, SiteScopes.Review)
            ? answer()
            : OutcomeResponse.WriteAsync(http, StatusCodes.Status403Forbidden, Issue.Error(IssueType.Forbidden, "the access token does not open this"));

    private static JsonNode Describe(BreakGlassEvent item) => new JsonObject
    {
        ["id"] = item.Id.ToString(),
        ["user"] = item.UserName,
        ["fhirUser"] = item.FhirUser,
        ["client"] = item.ClientId,
        ["reason"] = item.Reason,
        ["started"] = Time(item.StartedAt),
        ["expires"] = Time(item.ExpiresAt),
        ["ended"] = Time(item.EndedAt),
        ["reviewed"] = Time(item.ReviewedAt),
        ["reviewedBy"] = item.ReviewedBy,
        ["note"] = item.ReviewNote,
    };

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
