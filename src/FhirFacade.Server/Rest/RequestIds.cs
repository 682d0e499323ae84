using FhirFacade.Server.Transport;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>
/// Names each request, and echoes the names that the client gave it (R4 http.html, X-Request-Id). Also begins every answer with
/// <see cref="SecurityHeaders"/>.
/// </summary>
public static class RequestIds
{
    private const string RequestId = "X-Request-Id";
    private const string CorrelationId = "X-Correlation-Id";

    /// <summary>Middleware. <see cref="HttpContext.TraceIdentifier"/> becomes the correlation id, else the request id.</summary>
    public static Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(next);
        var correlation = Usable(http.Request.Headers[CorrelationId]);
        var request = Usable(http.Request.Headers[RequestId]);
        if (correlation is not null || request is not null)
        {
            var given = new Given(request ?? http.TraceIdentifier, correlation);
            http.Features.Set(given);
            http.TraceIdentifier = correlation ?? given.Request;
        }
        Echo(http);
        return next(http);
    }

    /// <summary>Writes the names into the answer; again, if it was begun anew.</summary>
    internal static void Echo(HttpContext http)
    {
        SecurityHeaders.Apply(http.Response);
        var given = http.Features.Get<Given>();
        http.Response.Headers[RequestId] = given?.Request ?? http.TraceIdentifier;
        if (given?.Correlation is { } journey)
        {
            http.Response.Headers[CorrelationId] = journey;
        }
    }

    /// <summary>Only what is safe to write into a log and a header is taken over.</summary>
    private static string? Usable(string? id)
    {
        if (id is null or { Length: 0 or > 128 })
        {
            return null;
        }
        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':'))
            {
                return null;
            }
        }
        return id;
    }

    /// <summary>The names of a request to which its client gave one.</summary>
    private sealed record Given(string Request, string? Correlation);
}
