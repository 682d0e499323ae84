using System.Collections.Immutable;
using System.Runtime.InteropServices;
using FhirFacade.Fhir.Outcomes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FhirFacade.Server.Rest;

/// <summary>
/// Runs the entries of a batch as requests of their own, through the same routes, the same authorisation and the same handlers as if each had
/// come by itself: there is no second way in.
/// </summary>
internal sealed class SingleRequests
{
    private RequestDelegate? pipeline;

    /// <summary>Takes the place in the pipeline at which such requests begin: after the caller is known, before the routes.</summary>
    public RequestDelegate StartAt(RequestDelegate next) => pipeline = next;

    /// <summary>The answer to a request that the caller of another makes by it.</summary>
    /// <param name="caller">The request that brought it: its caller's identity is that of this one, and it ends with it.</param>
    /// <param name="method">GET, HEAD, POST, PUT, PATCH or DELETE.</param>
    /// <param name="target">Path and query under the base of the server, such as <c>/fhir/Patient?_id=1</c>.</param>
    /// <param name="headers">All of its headers.</param>
    /// <param name="body">Empty for none.</param>
    public async Task<SingleAnswer> SendAsync(
        HttpContext caller, string method, string target, IEnumerable<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body)
    {
        using var sent = MemoryMarshal.TryGetArray(body, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(body.ToArray());
        using var received = new MemoryStream();
        var http = new DefaultHttpContext
        {
            User = caller.User,
            RequestServices = caller.RequestServices,
            RequestAborted = caller.RequestAborted,
            TraceIdentifier = caller.TraceIdentifier,
        };
        var question = target.IndexOf('?', StringComparison.Ordinal);
        http.Connection.RemoteIpAddress = caller.Connection.RemoteIpAddress;
        http.Request.Method = method;
        http.Request.Scheme = caller.Request.Scheme;
        http.Request.Host = caller.Request.Host;
        http.Request.Path = Uri.UnescapeDataString(question < 0 ? target : target[..question]);
        http.Request.QueryString = new QueryString(question < 0 ? null : target[question..]);
        foreach (var (name, value) in headers)
        {
            http.Request.Headers[name] = value;
        }
        http.Request.Body = sent;
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(received));
        await pipeline!(http);
        await http.Response.BodyWriter.FlushAsync(caller.RequestAborted);
        await http.Response.CompleteAsync();
        return new SingleAnswer(http.Response.StatusCode, http.Response.Headers, received.ToArray()) { Warnings = ConsentWarnings.Told(http) };
    }
}

/// <summary>What a single request was answered.</summary>
internal sealed record SingleAnswer(int Status, IHeaderDictionary Headers, byte[] Body)
{
    /// <summary>What of a Consent that was written is not understood; an OperationOutcome in the body says it, too.</summary>
    public ImmutableArray<Issue> Warnings { get; init; } = [];
}
