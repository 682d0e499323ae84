using System.Net.Http.Headers;
using System.Text;
using FhirFacade.Server.Admin;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Audit;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Audit;

/// <summary>
/// Writes an event for each request to the FHIR API and for each token that is asked for. It is on disk before the first byte of the answer leaves: what cannot
/// be written down is not answered.
/// </summary>
internal sealed class Auditing(AuditWriter trail, TimeProvider clock)
{
    /// <summary>Middleware, after the caller is known and before the routes; entries of a batch come through it, too.</summary>
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (!IsAudited(http.Request))
        {
            await next(http);
            return;
        }
        var disclosures = new Disclosures();
        http.Features.Set(disclosures);
        Task? written = null;
        disclosures.Write = () => written ??= trail.AppendAsync(Record(http, disclosures));

        // Whatever answers in a way of its own is held here.
        http.Response.OnStarting(EndAsync);
        await next(http);
        await EndAsync();

        // That there was no way to write it down may be said: it shows nothing.
        Task EndAsync() => written is { IsFaulted: true } && http.Response.StatusCode >= StatusCodes.Status500InternalServerError ? Task.CompletedTask : disclosures.Write();
    }

    private AuditRecord Record(HttpContext http, Disclosures disclosures)
    {
        var grant = GrantFactory.From(http.User);
        var interaction = AuditedInteraction.Of(http.Request);
        return new AuditRecord(
            AuditRecord.Microseconds(clock.GetUtcNow()),
            interaction.Action,
            interaction.Kind,
            http.Response.StatusCode,
            grant.Subject,
            grant.ClientId.Length > 0 || interaction.Kind != AuditedInteraction.Token ? grant.ClientId : Claimed(http.Request),
            http.Connection.RemoteIpAddress?.ToString() ?? "",
            "",
            http.TraceIdentifier,
            interaction.Target,
            disclosures.Entities,
            [.. disclosures.Patients.Order(StringComparer.Ordinal)]);
    }

    private static bool IsAudited(HttpRequest request) =>
        request.Path.StartsWithSegments("/fhir", out var rest) ? !rest.StartsWithSegments("/metadata") && !rest.StartsWithSegments("/.well-known")
        : request.Path.StartsWithSegments(AdminEndpoints.Root) || (HttpMethods.IsPost(request.Method) && (request.Path.StartsWithSegments("/oauth") || request.Path.StartsWithSegments("/account")));

    // Who a client says that it is; whether it was believed, the status tells.
    private static string Claimed(HttpRequest request)
    {
        if (request is { HasFormContentType: true } && request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IFormFeature>()?.Form is { } form && form["client_id"] is [{ Length: > 0 and <= 128 } id])
        {
            return Plain(id);
        }
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || header is not { Scheme: "Basic", Parameter: { Length: <= 1024 } encoded })
        {
            return "";
        }
        Span<byte> pair = stackalloc byte[1024];
        return Convert.TryFromBase64String(encoded, pair, out var length) ? Plain(Encoding.UTF8.GetString(pair[..length]).Split(':')[0]) : "";
    }

    private static string Plain(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':') ? text : "";
}
