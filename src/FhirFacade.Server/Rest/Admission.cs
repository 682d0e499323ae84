using System.Globalization;
using System.Threading.RateLimiting;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Audit;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>Lets in so many requests of each client a second, and so many of all at once; the others wait for a place, or are refused.</summary>
/// <remarks>The limits are the framework's; its middleware for them, which allows for rules of each route and measures every request, would cost a read more than they do.</remarks>
internal sealed class Admission : IDisposable
{
    private readonly RateLimiter atOnce;
    private readonly PartitionedRateLimiter<HttpContext>? byClient;
    private readonly Auditing? auditing;

    /// <summary>Reads the settings.</summary>
    public Admission(RestOptions options, Auditing? auditing)
    {
        this.auditing = auditing;
        atOnce = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = options.MaxConcurrent, QueueLimit = options.MaxConcurrent });
        byClient = options.RequestsPerSecond == 0 ? null : ByClient(options);
    }

    /// <summary>Middleware, after the caller is known. 429 with Retry-After for a client that asks too often, 503 where there is no place. Whoever watches over the server always gets in.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next) => http.Request.Path.StartsWithSegments("/health") ? next(http) : AdmitAsync(http, next);

    /// <inheritdoc/>
    public void Dispose()
    {
        atOnce.Dispose();
        byClient?.Dispose();
    }

    private async Task AdmitAsync(HttpContext http, RequestDelegate next)
    {
        using var ofClient = byClient?.AttemptAcquire(http);
        if (ofClient is { IsAcquired: false })
        {
            await RejectAsync(http, ofClient);
            return;
        }
        using var place = atOnce.AttemptAcquire() is { IsAcquired: true } free ? free : await atOnce.AcquireAsync(1, http.RequestAborted);
        if (place.IsAcquired)
        {
            await next(http);
            return;
        }
        await RejectAsync(http, place);
    }

    // A client is known by its token, anybody else by the address.
    private static PartitionedRateLimiter<HttpContext> ByClient(RestOptions options) => PartitionedRateLimiter.Create<HttpContext, string>(http => RateLimitPartition.GetTokenBucketLimiter(
        GrantFactory.From(http.User).ClientId is { Length: > 0 } client ? "client " + client : "address " + http.Connection.RemoteIpAddress,
        _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.RequestsPerSecond + options.Burst,
            TokensPerPeriod = Math.Max(1, options.RequestsPerSecond / 10),
            ReplenishmentPeriod = options.RequestsPerSecond >= 10 ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(1.0 / options.RequestsPerSecond),
            QueueLimit = 0,
        }));

    private async Task RejectAsync(HttpContext http, RateLimitLease lease)
    {
        var ofClient = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
        http.Response.StatusCode = ofClient ? StatusCodes.Status429TooManyRequests : StatusCodes.Status503ServiceUnavailable;
        await (auditing?.RefusedAsync(http) ?? Task.CompletedTask);
        http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await OutcomeResponse.WriteAsync(http, ofClient
            ? Refusal.One(StatusCodes.Status429TooManyRequests, IssueType.Throttled, "this client makes more requests than it may; wait as long as Retry-After says")
            : Refusal.One(StatusCodes.Status503ServiceUnavailable, IssueType.Throttled, "the server has too much to do; try again later"));
    }
}
