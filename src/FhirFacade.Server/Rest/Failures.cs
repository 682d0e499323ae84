using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FhirFacade.Server.Rest;

/// <summary>Turns what was not foreseen, and what ended without an answer, into an OperationOutcome.</summary>
public sealed partial class Failures(ILogger<Failures> log)
{
    private const string RetryAfter = "5";

    /// <summary>Middleware, first in the pipeline. The caller learns a correlation id, never a cause.</summary>
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(next);
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
            {
                if (http.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
                {
                    http.Response.Headers.RetryAfter = RetryAfter;
                }
                await OutcomeResponse.WriteAsync(http, Bare(http.Response.StatusCode));
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested && http.Features.Get<IHttpRequestTimeoutFeature>() is not { RequestTimeoutToken.IsCancellationRequested: true })
        {
            http.Abort();       // nobody is there to be answered
        }
        catch (Exception e) when (e is not OperationCanceledException || !http.RequestAborted.IsCancellationRequested)
        {
            var refusal = Explain(http, e);
            if (http.Response.HasStarted)
            {
                http.Abort();       // half an answer must not look like a whole one
                return;
            }
            http.Response.Clear();
            RequestIds.Echo(http);
            if (refusal.Status == StatusCodes.Status503ServiceUnavailable)
            {
                http.Response.Headers.RetryAfter = RetryAfter;
            }
            await OutcomeResponse.WriteAsync(http, refusal);
        }
    }

    private Refusal Explain(HttpContext http, Exception e)
    {
        switch (e)
        {
            case AuditUnavailableException unwritten:
                TrailLost(log, http.TraceIdentifier, unwritten.Message);
                return Refusal.One(StatusCodes.Status503ServiceUnavailable, IssueType.Transient, "the audit trail cannot be written, and nothing is answered without it; try again later");
            case BadHttpRequestException bad:
                return Bare(bad.StatusCode);
            case PostgresException { SqlState: PostgresErrorCodes.QueryCanceled }:
                return Refusal.One(StatusCodes.Status503ServiceUnavailable, IssueType.TooCostly, "the request took longer than is allowed; narrow it down");
            case PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.DiskFull } refused:
                DatabaseLost(log, http.TraceIdentifier, refused.SqlState);
                return Refusal.One(StatusCodes.Status503ServiceUnavailable, IssueType.Transient, "the database takes no writes for now; what is stored can be read");
            case NpgsqlException { IsTransient: true } transient:
                DatabaseLost(log, http.TraceIdentifier, transient.SqlState);
                return Refusal.One(StatusCodes.Status503ServiceUnavailable, IssueType.Transient, "the database is not available; try again later");
            default:
                // The text of an exception may quote data, so only its kind and place are written down.
                Failed(log, http.TraceIdentifier, e.GetType().Name, (e as PostgresException)?.SqlState, e.StackTrace);
                return Refusal.One(StatusCodes.Status500InternalServerError, IssueType.Exception, $"the server failed; correlation id {http.TraceIdentifier}");
        }
    }

    private static Refusal Bare(int status) => status switch
    {
        400 => Refusal.BadRequest("the request cannot be read as HTTP"),
        404 => Refusal.NoRoute(),
        405 => Refusal.One(status, IssueType.NotSupported, "the method is not offered at this address"),
        408 => Refusal.One(status, IssueType.Timeout, "the request came too slowly"),
        503 => Refusal.One(status, IssueType.Timeout, "the request took longer than is allowed; narrow it down"),
        413 => Refusal.One(status, IssueType.TooLong, "the body is larger than is allowed"),
        415 => Refusal.One(status, IssueType.NotSupported, "the body has a media type that is not read here"),
        _ => Refusal.One(status, IssueType.Invalid, "the request is refused"),
    };

    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "Request {CorrelationId} failed: {Kind} {SqlState}\n{Stack}")]
    private static partial void Failed(ILogger log, string correlationId, string kind, string? sqlState, string? stack);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Error, Message = "Request {CorrelationId} was not answered: {Reason}")]
    private static partial void TrailLost(ILogger log, string correlationId, string reason);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "Request {CorrelationId} met no database: {SqlState}")]
    private static partial void DatabaseLost(ILogger log, string correlationId, string? sqlState);
}
