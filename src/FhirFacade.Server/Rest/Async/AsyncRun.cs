using System.Globalization;
using System.Text.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Async;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Async;

/// <summary>Carries out one request that is answered later: through the same routes, as the same caller, page after page.</summary>
internal sealed partial class AsyncRun(AsyncJobs jobs, SingleRequests single, SmartSettings settings, RestOptions options, IServiceScopeFactory scopes, TimeProvider clock, ILogger<AsyncRun> log)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    /// <summary>Ends with the job answered, failed, given back (the server stops) or gone (it was cancelled).</summary>
    /// <param name="job">What was claimed.</param>
    /// <param name="wasLeft">Whether another worker had begun it and fell silent.</param>
    /// <param name="stopping">The server stops.</param>
    public async Task CarryOutAsync(AsyncJob job, bool wasLeft, CancellationToken stopping)
    {
        if (wasLeft && !job.Request.IsRepeatable)
        {
            await FailAsync(job, BrokenOff());
            return;
        }
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        ending.CancelAfter(options.AsyncTimeout);
        var progress = new Progress();
        using var done = new CancellationTokenSource();
        var beating = BeatAsync(job, progress, ending, done.Token);
        try
        {
            var failure = await PagesAsync(job, progress, ending.Token);
            await (failure is null ? jobs.FinishAsync(job.Id, progress.Pages, Expiry, CancellationToken.None)
                : ending.IsCancellationRequested ? GiveBackAsync(job, stopping)
                : FailAsync(job, failure));
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            await GiveBackAsync(job, stopping);
        }
        catch (Exception e) when (e is not Npgsql.NpgsqlException)
        {
            // As with any request: its kind and place are written down, never its text, and the job ends.
            Failed(log, job.Id[..8], e.GetType().Name, e.StackTrace);
            await FailAsync(job, Outcome(StatusCodes.Status500InternalServerError, IssueType.Exception, $"the server failed; correlation id async-{job.Id[..8]}"));
        }
        finally
        {
            await done.CancelAsync();
            await beating;
        }
    }

    private DateTimeOffset Expiry => clock.GetUtcNow() + options.AsyncLifetime;

    // Null if all went well; else the answer that says why not.
    private async Task<SingleAnswer?> PagesAsync(AsyncJob job, Progress progress, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var caller = new DefaultHttpContext { User = job.Caller.ToPrincipal(settings), RequestServices = scope.ServiceProvider, RequestAborted = cancellationToken, TraceIdentifier = $"async-{job.Id[..8]}" };
        var root = new Uri(settings.PublicUrl);
        (caller.Request.Scheme, caller.Request.Host) = (root.Scheme, new HostString(root.Authority));
        var (method, target, body) = (job.Request.Method, (string?)job.Request.Target, job.Request.Body);
        while (target is not null)
        {
            var answer = await single.SendAsync(caller, method, target, job.Request.Headers, body);
            if (cancellationToken.IsCancellationRequested || answer.Status >= StatusCodes.Status400BadRequest)
            {
                return answer;
            }
            if (!await jobs.AddPageAsync(job.Id, ++progress.Pages, answer.Body, cancellationToken))
            {
                throw new OperationCanceledException(cancellationToken);
            }
            using var page = JsonDocument.Parse(answer.Body);
            progress.Entries += page.RootElement.TryGetProperty("entry", out var entries) ? entries.GetArrayLength() : 0;
            (method, target, body) = ("GET", Next(page.RootElement), default);
        }
        return null;
    }

    private string? Next(JsonElement page)
    {
        if (!page.TryGetProperty("link", out var links))
        {
            return null;
        }
        var next = links.EnumerateArray().FirstOrDefault(link => link.GetProperty("relation").ValueEquals("next"));
        return next.ValueKind == JsonValueKind.Object && next.GetProperty("url").GetString() is { } url && url.StartsWith(settings.PublicUrl, StringComparison.Ordinal) ? url[settings.PublicUrl.Length..] : null;
    }

    private async Task BeatAsync(AsyncJob job, Progress progress, CancellationTokenSource ending, CancellationToken done)
    {
        try
        {
            while (true)
            {
                if (!await jobs.BeatAsync(job.Id, progress.ToString(), clock.GetUtcNow(), done))
                {
                    await ending.CancelAsync();     // somebody cancelled it
                    return;
                }
                await Task.Delay(progress.Pages == 0 ? TimeSpan.FromSeconds(1) : Beat, clock, done);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or Npgsql.NpgsqlException)
        {
            // It is over, or nobody can be told how far it is: whoever waits finds out by the silence.
        }
    }

    // The server stops: what changes nothing is begun anew by whoever comes next. A job that is gone stays so.
    private async Task GiveBackAsync(AsyncJob job, CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested && job.Request.IsRepeatable)
        {
            await jobs.ReleaseAsync(job.Id, CancellationToken.None);
            return;
        }
        await FailAsync(job, stopping.IsCancellationRequested ? BrokenOff()
            : Outcome(StatusCodes.Status503ServiceUnavailable, IssueType.TooCostly, "the request took longer than is allowed; narrow it down"));
    }

    private Task FailAsync(AsyncJob job, SingleAnswer answer) => jobs.FailAsync(job.Id, answer.Status, answer.Body, Expiry, CancellationToken.None);

    private static SingleAnswer BrokenOff() => Outcome(
        StatusCodes.Status500InternalServerError, IssueType.Exception, "the server was stopped while it carried the request out; what of it was done is to be looked up before it is sent again");

    private static SingleAnswer Outcome(int status, string code, string text) => new(status, new HeaderDictionary(), OperationOutcome.ToJson([Issue.Error(code, text)]));

    [LoggerMessage(EventId = 3012, Level = LogLevel.Error, Message = "Request async-{Job} failed: {Kind}\n{Stack}")]
    private static partial void Failed(ILogger log, string job, string kind, string? stack);

    private sealed class Progress
    {
        public int Pages { get; set; }

        public int Entries { get; set; }

        public override string ToString() => Pages == 0 ? "begun" : string.Create(CultureInfo.InvariantCulture, $"{Entries} entries so far");
    }
}
