using System.Globalization;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Render;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Async;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Async;

/// <summary><c>[base]/_async/[id]</c>: how far a request is that is answered later, its answer, and its end.</summary>
/// <remarks>
/// It exists only for the client and the user who made the request. The answer needs a token that opens at least what that of the request did, and what it holds
/// is judged once more, row by row, by the grant that fetches it.
/// </remarks>
internal sealed class AsyncStatus(AsyncJobs jobs, JudgedBundle judge, SmartSettings settings, TimeProvider clock)
{
    /// <summary>202 with X-Progress and Retry-After; 200 with the list of pages; what the request itself was refused with; 403 or 404.</summary>
    public Task GetAsync(HttpContext http) => OfOwnAsync(http, (job, state) => state switch
    {
        AsyncState.Done(var pages, var expires) when MayFetch(http, job) => ListAsync(http, job, pages, expires),
        AsyncState.Done => OutcomeResponse.WriteAsync(http, TooNarrow()),
        AsyncState.Failed failed => FailedAsync(http, failed),
        AsyncState.Running(var progress) => WaitAsync(http, job, progress),
        _ => WaitAsync(http, job, "waiting for its turn"),
    });

    /// <summary>200 with a page, of which the grant sees every row as of now; 403, 404, or 409 before the end.</summary>
    public Task PageAsync(HttpContext http) => OfOwnAsync(http, async (job, state) =>
    {
        var (rendering, refusal) = Format.Negotiate(http.Request);
        refusal ??= state is not AsyncState.Done ? Refusal.One(StatusCodes.Status409Conflict, IssueType.Conflict, "the request is not answered yet") : MayFetch(http, job) ? null : TooNarrow();
        var isNumber = int.TryParse((string)http.Request.RouteValues["page"]!, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal);
        var page = refusal is null && isNumber ? await jobs.PageAsync(job.Id, ordinal, http.RequestAborted) : null;
        if (page is null)
        {
            await OutcomeResponse.WriteAsync(http, refusal ?? Refusal.NoRoute());
            return;
        }
        var json = await judge.JudgeAsync(page, GrantFactory.From(http.User), http.RequestAborted);
        var body = rendering!.IsXml ? ResourceXml.Of("Bundle", json.Span, Rendering.Default)! : json;
        http.Response.ContentType = rendering.ContentType;
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    });

    /// <summary>202: it is cancelled, or its answer thrown away.</summary>
    public Task DeleteAsync(HttpContext http) => OfOwnAsync(http, async (job, _) =>
    {
        await jobs.DeleteAsync(job.Id, http.RequestAborted);
        await OutcomeResponse.WriteAsync(http, StatusCodes.Status202Accepted, Issue.Information(IssueType.Informational, "the request is cancelled"));
    });

    private async Task OfOwnAsync(HttpContext http, Func<AsyncJob, AsyncState, Task> answer)
    {
        var grant = GrantFactory.From(http.User);
        var found = await jobs.FindAsync((string)http.Request.RouteValues["job"]!, grant.ClientId, grant.Subject, clock.GetUtcNow(), http.RequestAborted);
        await (found is var (job, state) ? answer(job, state) : OutcomeResponse.WriteAsync(http, Refusal.NoRoute()));
    }

    private bool MayFetch(HttpContext http, AsyncJob job) => GrantFactory.From(http.User).Covers(GrantFactory.From(job.Caller.ToPrincipal(settings)));

    private static Refusal TooNarrow() => Refusal.One(StatusCodes.Status403Forbidden, IssueType.Forbidden, "the access token opens less than the one that the request was made with");

    // The longer it has taken, the less often there is something new.
    private Task WaitAsync(HttpContext http, AsyncJob job, string progress)
    {
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        http.Response.Headers["X-Progress"] = progress;
        http.Response.Headers.RetryAfter = Math.Clamp((int)(clock.GetUtcNow() - job.CreatedAt).TotalSeconds / 5, 1, 30).ToString(CultureInfo.InvariantCulture);
        http.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }

    private static async Task FailedAsync(HttpContext http, AsyncState.Failed failed)
    {
        var rendering = Format.ForOutcome(http.Request);
        var body = rendering.IsXml ? ResourceXml.Of("OperationOutcome", failed.Outcome.Span, rendering)! : failed.Outcome;
        http.Response.StatusCode = failed.Status;
        http.Response.ContentType = rendering.ContentType;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    private Task ListAsync(HttpContext http, AsyncJob job, int pages, DateTimeOffset expires)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Expires = expires.ToString("R", CultureInfo.InvariantCulture);
        return http.Response.WriteAsync(new JsonObject
        {
            ["transactionTime"] = job.CreatedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            ["request"] = job.Request.Address,
            ["requiresAccessToken"] = true,
            ["output"] = new JsonArray([.. Enumerable.Range(1, pages).Select(page => new JsonObject { ["type"] = "Bundle", ["url"] = $"{settings.FhirBase}/_async/{job.Id}/{page}" })]),
            ["error"] = new JsonArray(),
        }.ToJsonString(), http.RequestAborted);
    }
}
