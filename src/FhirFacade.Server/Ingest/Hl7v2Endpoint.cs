using System.Buffers;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Hl7v2.Framing;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Transport;
using Microsoft.Net.Http.Headers;

namespace FhirFacade.Server.Ingest;

/// <summary>
/// <c>POST /hl7v2</c>: the same messages as over MLLP, one or a batch in a body, answered with the ACK or a batch of ACKs. Who may use it:
/// <see cref="HttpIngestAccess"/>.
/// </summary>
internal sealed class Hl7v2Endpoint(FeedPipeline pipeline, ServerOptions options)
{
    private const Interactions Needed = Interactions.Create | Interactions.Update;

    private readonly HttpIngestAccess access = options.Ingest.HttpAccess ?? (options.Demo ? HttpIngestAccess.Loopback : HttpIngestAccess.Token);

    public static void Map(WebApplication app)
    {
        var endpoint = app.Services.GetRequiredService<Hl7v2Endpoint>();
        if (endpoint.access != HttpIngestAccess.Off)
        {
            // Anonymous to the framework only: PostAsync decides first of all who may post.
            app.MapPost("/hl7v2", endpoint.PostAsync).AllowAnonymous();
        }
    }

    private async Task PostAsync(HttpContext http)
    {
        if (!IsAllowed(http))
        {
            await RefuseAsync(http);
            return;
        }

        var type = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var parsed) ? parsed.MediaType.Value!.ToLowerInvariant() : "";
        if (type is not ("application/hl7-v2" or "x-application/hl7-v2+er7"))
        {
            await WriteAsync(http, StatusCodes.Status415UnsupportedMediaType, IssueType.NotSupported, "The body must be application/hl7-v2 or x-application/hl7-v2+er7.");
            return;
        }

        byte[] body;
        try
        {
            body = await ReadAsync(http);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await WriteAsync(http, error.StatusCode, IssueType.TooLong, FormattableString.Invariant($"A body has at most {options.Http.MaxBodyBytes} bytes."));
            return;
        }

        if (body.Length == 0)
        {
            await WriteAsync(http, StatusCodes.Status400BadRequest, IssueType.Required, "The body is empty.");
            return;
        }

        var batch = BatchReader.Read(body);
        var answer = batch.Messages is [var only] && batch.Errors.IsEmpty && !AcknowledgementBatch.IsBatch(body)
            ? await pipeline.ReceiveAsync(only.Bytes, "http")
            : batch.Messages.IsEmpty
                ? await pipeline.ReceiveAsync(body, "http")
                : await pipeline.ReceiveBatchAsync(batch, body, "http");

        http.Response.StatusCode = answer switch
        {
            { Verdict: Verdict.Unavailable } => StatusCodes.Status503ServiceUnavailable,
            { Verdict: Verdict.Rejected } => StatusCodes.Status400BadRequest,
            { Bytes: null } => StatusCodes.Status204NoContent,
            _ => StatusCodes.Status200OK,
        };
        if (answer.Bytes is { } bytes)
        {
            http.Response.ContentType = type;
            http.Response.ContentLength = bytes.Length;
            await http.Response.Body.WriteAsync(bytes);
        }
    }

    /// <summary>
    /// A message may create and change resources of any type about any patient, so the token must allow just that. Where the loopback
    /// interface is open, a request that a proxy forwarded is not from there.
    /// </summary>
    private bool IsAllowed(HttpContext http) =>
        GrantFactory.From(http.User).Rules.Any(r => r is { Context: AccessContext.System, ResourceType: AccessRule.AnyType, Filter: null } && r.Interactions.HasFlag(Needed))
        || (access == HttpIngestAccess.Loopback && LocalCaller.Is(http));

    private static Task RefuseAsync(HttpContext http)
    {
        if (http.User.Identity is { IsAuthenticated: true })
        {
            return WriteAsync(http, StatusCodes.Status403Forbidden, IssueType.Forbidden, "The token needs the scope system/*.cu.");
        }

        http.Response.Headers.WWWAuthenticate = "Bearer";
        return WriteAsync(http, StatusCodes.Status401Unauthorized, IssueType.Login, "An access token is needed.");
    }

    private static async Task<byte[]> ReadAsync(HttpContext http)
    {
        var input = http.Request.BodyReader;
        while (true)
        {
            var result = await input.ReadAsync(http.RequestAborted);
            if (result.IsCompleted)
            {
                var body = result.Buffer.ToArray();
                input.AdvanceTo(result.Buffer.End);
                return body;
            }

            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static Task WriteAsync(HttpContext http, int status, string code, string diagnostics)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/fhir+json; charset=utf-8";
        return http.Response.Body.WriteAsync(OperationOutcome.ToJson([new Issue(IssueSeverity.Error, code, diagnostics)])).AsTask();
    }
}
