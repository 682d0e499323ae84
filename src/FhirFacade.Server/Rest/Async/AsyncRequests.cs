using System.Security.Cryptography;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Async;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Async;

/// <summary>Accepts requests to be answered later: those with <c>Prefer: respond-async</c> at a route that may take long.</summary>
internal sealed class AsyncRequests(AsyncJobs jobs, AsyncSignal signal, SmartSettings settings, RestOptions options, TimeProvider clock)
{
    private static readonly string[] Kept = ["Content-Type", "If-None-Exist"];

    /// <summary>Middleware, after the caller is known to be let in. 202 with <c>Content-Location</c>; 429 for a client with too many open ones.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next) =>
        !Prefer.Of(http.Request).Async || http.GetEndpoint()?.Metadata.GetMetadata<MayTakeLong>() is null || HttpMethods.IsHead(http.Request.Method) ? next(http) : AcceptAsync(http);

    private async Task AcceptAsync(HttpContext http)
    {
        var (_, refusal) = Format.Negotiate(http.Request);
        var request = refusal is null ? await ReadAsync(http.Request) : null;
        if (request is null)
        {
            await OutcomeResponse.WriteAsync(http, refusal ?? RequestBody.TooLong());
            return;
        }
        var grant = GrantFactory.From(http.User);
        var job = new AsyncJob(RandomNumberGenerator.GetHexString(32, lowercase: true), AsyncCallers.Of(http.User, grant.ClientId, grant.Subject), request, clock.GetUtcNow());
        if (!await jobs.TryAddAsync(job, options.MaxAsyncOfClient, http.RequestAborted))
        {
            http.Response.Headers.RetryAfter = "10";
            await OutcomeResponse.WriteAsync(http, Refusal.One(StatusCodes.Status429TooManyRequests, IssueType.Throttled, "this client has as many open requests as it may; fetch or cancel one"));
            return;
        }
        signal.Set();
        http.Response.Headers.ContentLocation = $"{settings.FhirBase}/_async/{job.Id}";
        http.Response.Headers["Preference-Applied"] = "respond-async";
        await OutcomeResponse.WriteAsync(http, StatusCodes.Status202Accepted, Issue.Information(IssueType.Informational, "the request is accepted; Content-Location tells how far it is"));
    }

    // The answer is kept as JSON, and only written in another format when it is fetched.
    private async Task<AsyncRequest?> ReadAsync(HttpRequest request)
    {
        var body = await RequestBody.BytesAsync(request.HttpContext, int.MaxValue);
        if (body is not { } bytes)
        {
            return null;
        }
        var prefer = Prefer.Of(request);
        var headers = Kept.Where(request.Headers.ContainsKey).Select(name => KeyValuePair.Create(name, request.Headers[name].ToString())).Append(new("Accept", "application/fhir+json"));
        if (prefer.Named is not null || prefer.Strict)
        {
            headers = headers.Append(new("Prefer", string.Join("; ", new[] { prefer.Named is null ? null : "return=" + prefer.Named, prefer.Strict ? "handling=strict" : null }.OfType<string>())));
        }
        var query = Parameters.Of(request).Where(parameter => parameter.Key is not ("_format" or "_pretty"));
        var target = request.Path + (query.Any() ? "?" + Parameters.Encode(query) : "");
        return new AsyncRequest(request.Method, target, settings.PublicUrl + request.Path + request.QueryString, [.. headers], bytes);
    }
}
