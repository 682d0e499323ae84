using System.Net.Http.Headers;
using System.Text;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Access.BreakGlass;
using FhirFacade.Server.Admin;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Audit;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Audit;

/// <summary>
/// Writes an event for each request to the FHIR API and for each token that is asked for. It is safe before the first byte of the answer leaves: what cannot
/// be written down is not answered.
/// </summary>
internal sealed class Auditing(AuditWriter trail, TimeProvider clock)
{
    /// <summary>Middleware, after the caller is known and before the routes; entries of a batch come through it, too.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next) => IsAudited(http.Request) ? AuditAsync(http, next) : next(http);

    /// <summary>Writes the event of a request that is refused before it gets here.</summary>
    public Task RefusedAsync(HttpContext http)
    {
        if (!IsAudited(http.Request))
        {
            return Task.CompletedTask;
        }
        var disclosures = new Disclosures(http, this);
        http.Features.Set(disclosures);
        return disclosures.WriteAsync();
    }

    /// <summary>Completes when the event is safe.</summary>
    public Task AppendAsync(HttpContext http, Disclosures disclosures)
    {
        try
        {
            return trail.AppendAsync(Record(http, disclosures));
        }
        catch (AuditUnavailableException unavailable)
        {
            return Task.FromException(unavailable);
        }
    }

    private async Task AuditAsync(HttpContext http, RequestDelegate next)
    {
        var disclosures = new Disclosures(http, this);
        http.Features.Set(disclosures);

        // Whatever answers in a way of its own is held here.
        http.Response.OnStarting(static state => ((Disclosures)state).WriteAsync(), disclosures);
        await next(http);
        await disclosures.WriteAsync();
    }

    private AuditRecord Record(HttpContext http, Disclosures disclosures)
    {
        var grant = GrantFactory.From(http.User);
        var interaction = AuditedInteraction.Of(http.Request);
        return new AuditRecord(
            AuditRecord.Microseconds(clock.GetUtcNow()),
            interaction.Action,
            interaction.Kind,
            disclosures.HasFailed ? Math.Max(http.Response.StatusCode, StatusCodes.Status401Unauthorized) : http.Response.StatusCode,
            disclosures.Caller?.Subject ?? grant.Subject,
            disclosures.Caller?.Client ?? (grant.ClientId.Length > 0 || interaction.Kind != AuditKinds.Token ? grant.ClientId : Claimed(http.Request)),
            http.Connection.RemoteIpAddress?.ToString() ?? "",
            disclosures.IsEmergency ? PurposeOfUse.BreakTheGlass : grant.Purpose,
            http.TraceIdentifier,
            interaction.Target,
            disclosures.Entities,
            disclosures.Patients)
        {
            PatientKeys = disclosures.PatientKeys,
            IsEmergency = disclosures.IsEmergency || grant.Purpose == PurposeOfUse.BreakTheGlass,
        };
    }

    private static bool IsAudited(HttpRequest request) =>
        request.Path.StartsWithSegments("/fhir", out var rest) ? !rest.StartsWithSegments("/metadata") && !rest.StartsWithSegments("/.well-known")
        : request.Path.StartsWithSegments(AdminEndpoints.Root) || request.Path.StartsWithSegments(BreakGlassReview.Root) || request.Path.StartsWithSegments("/oauth") || request.Path.StartsWithSegments("/account");

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
