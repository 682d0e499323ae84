using System.Globalization;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Server.Render;
using FhirFacade.Server.Rest;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Audit;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FhirFacade.Server.Audit;

/// <summary>The trail as FHIR: read and search of AuditEvent, and <c>Patient/[id]/$disclosures</c>.</summary>
/// <remarks>
/// Only a scope that names AuditEvent opens it; <c>*</c> does not. Nobody writes an AuditEvent but the server. A patient's token with such a scope sees the events of
/// that patient, and the accounting of disclosures is the patient's own right or an auditor's.
/// </remarks>
internal sealed class AuditEvents(AuditReader trail, AuditWriter writer, ResourceReader resources, SmartSettings settings, PageLinks pages, TimeProvider clock, bool isKept)
{
    private const int DefaultCount = 50;
    private const int LargestCount = 1000;
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Ignored = ["_format", "_pretty", "_count", "_total", PageLinks.Parameter];

    /// <summary>Maps the routes under the FHIR API, whose group asks for a token.</summary>
    public void Map(IEndpointRouteBuilder fhir)
    {
        fhir.MapMethods("/AuditEvent", GetOrHead, http => SearchAsync(http, Parameters.Of(http.Request)));
        fhir.MapPost("/AuditEvent/_search", SearchPostAsync);
        fhir.MapMethods("/AuditEvent/{id}", GetOrHead, ReadAsync);
        fhir.MapMethods("/Patient/{id}/$disclosures", GetOrHead, DisclosuresAsync);
        OtherMethods.Refuse(fhir, "/AuditEvent", "GET, HEAD");
        OtherMethods.Refuse(fhir, "/AuditEvent/{id}", "GET, HEAD");
    }

    private async Task ReadAsync(HttpContext http)
    {
        var (rendering, refusal) = Format.Negotiate(http.Request);
        var (granted, closed) = Granted(GrantFactory.From(http.User), Interactions.Read);
        refusal ??= closed;
        if (refusal is null && AuditEventJson.PlaceOf(Address.Id(http)) is { } place
            && await FindAsync(new AuditQuery { Place = place, Granted = granted, Count = 1 }, http.RequestAborted) is [var record])
        {
            await Rest.Operations.OperationResponse.WriteAsync(http, AuditEventJson.Of(Of(granted, record), settings.PublicUrl), rendering!);
            return;
        }
        await OutcomeResponse.WriteAsync(http, refusal ?? Refusal.NotFound());
    }

    private async Task SearchPostAsync(HttpContext http)
    {
        var (parameters, refusal) = await Parameters.OfFormAsync(http.Request, http.RequestAborted);
        await (refusal is null ? SearchAsync(http, parameters) : OutcomeResponse.WriteAsync(http, refusal));
    }

    private async Task SearchAsync(HttpContext http, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var grant = GrantFactory.From(http.User);
        var (granted, refusal) = Granted(grant, Interactions.Search);
        AuditQuery? query = null;
        if (refusal is null)
        {
            (query, refusal) = Query(parameters);
        }
        await (refusal is null
            ? AnswerAsync(http, query! with { Granted = granted }, parameters, "AuditEvent", grant)
            : OutcomeResponse.WriteAsync(http, refusal));
    }

    private async Task DisclosuresAsync(HttpContext http)
    {
        var grant = GrantFactory.From(http.User);
        var id = Address.Id(http);
        var refusal = Address.Refuse("Patient", grant, Interactions.Read);
        if (refusal is null && await resources.ReadAsync("Patient", id, grant, http.RequestAborted) is not ReadOutcome.Found)
        {
            refusal = Refusal.NotFound();
        }
        // A token of the patient's own context tells the patient who has seen the record; anybody else needs the scope.
        var isOwn = grant.PatientId == id && grant.Rules.Any(rule => rule.Context == AccessContext.Patient);
        refusal ??= isOwn ? null : Granted(grant, Interactions.Search) switch
        {
            (null, null) => null,
            (_, { } closed) => closed,
            ({ } other, _) => other == id ? null : Refusal.NotFound(),
        };

        // An empty answer would say that nobody has seen anything.
        refusal ??= isKept ? null : Refusal.One(StatusCodes.Status501NotImplemented, IssueType.NotSupported, "no audit trail is kept here");
        var parameters = Parameters.Of(http.Request);
        AuditQuery? query = null;
        if (refusal is null)
        {
            (query, refusal) = Query(parameters);
        }
        await (refusal is null
            ? AnswerAsync(http, query! with { Granted = id, DisclosuresOnly = true }, parameters, $"Patient/{id}/$disclosures", grant)
            : OutcomeResponse.WriteAsync(http, refusal));
    }

    private async Task AnswerAsync(HttpContext http, AuditQuery query, IReadOnlyList<KeyValuePair<string, string>> parameters, string path, AccessGrant grant)
    {
        var route = "audit " + path;
        var (rendering, refusal) = Format.Negotiate(http.Request, parameters);
        if (refusal is null && PageLinks.In(parameters) is { } link)
        {
            var state = pages.Open(route, grant, link);
            refusal = state is null ? Refusal.BadRequest("the page link was not made for this access token, or is too old") : null;
            var first = state is null ? default : Query(state.Parameters);
            query = first.Query is null ? query : first.Query with { Granted = query.Granted, DisclosuresOnly = query.DisclosuresOnly, After = AuditEventJson.PlaceOf(state!.Cursor) };
            parameters = state?.Parameters ?? parameters;
        }
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        var found = await FindAsync(query with { Count = query.Count + 1 }, http.RequestAborted);
        var page = found.Take(query.Count).ToList();
        var url = $"{settings.FhirBase}/{path}";
        List<BundleLink> links = [new("self", url)];
        if (found.Count > query.Count)
        {
            links.Add(new("next", $"{url}?{PageLinks.Parameter}={pages.Seal(route, grant, new PageState(parameters, AuditEventJson.IdOf(page[^1])))}"));
        }
        var entries = page.Select(record => new BundleEntry.Search(
            $"{settings.FhirBase}/AuditEvent/{AuditEventJson.IdOf(record)}", "AuditEvent", ResourceContent.ToBytes(AuditEventJson.Of(Of(query.Granted, record), settings.PublicUrl)), "match"));
        await BundleAnswer.WriteAsync(http, new Bundle("searchset", null, links, entries), rendering!, clock.GetUtcNow());
    }

    // What this server has answered so far is found.
    private async Task<IReadOnlyList<AuditRecord>> FindAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        await writer.FlushAsync();
        return await trail.FindAsync(query, cancellationToken);
    }

    // One page may have shown several patients' data: then which of it was whose is not told to one of them.
    private static AuditRecord Of(string? patient, AuditRecord record) => patient is null || record.Patients is [_] ? record : record with
    {
        Patients = [patient],
        Entities = [.. record.Entities.Where(entity => entity.StartsWith($"Patient/{patient}/", StringComparison.Ordinal))],
        Target = record.Target.Split('/', '?')[0],
    };

    /// <summary>The one patient whose events are open, null for all; or why none are.</summary>
    private static (string? Patient, Refusal? Refusal) Granted(AccessGrant grant, Interactions needed)
    {
        // The trail says who has seen what; it is not what they have seen, and consents do not speak of it.
        var named = grant with { Consent = ConsentMode.Off, Rules = [.. grant.Rules.Where(rule => rule.ResourceType == "AuditEvent")] };
        return named.For("AuditEvent", needed) switch
        {
            TypeAccess.Everything => (null, null),
            TypeAccess.Restricted { Openings: [{ PatientId: { } patient } opening] } when opening == new Opening(patient, null) => (patient, null),
            _ => (null, Refusal.Forbidden("AuditEvent", needed.ToString().ToLowerInvariant())),
        };
    }

    private static (AuditQuery? Query, Refusal? Refusal) Query(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var query = new AuditQuery { Count = DefaultCount };
        foreach (var (name, value) in parameters)
        {
            var next = name switch
            {
                "_id" => AuditEventJson.PlaceOf(value) is { } place ? query with { Place = place } : null,
                "patient" => query with { Patient = value.StartsWith("Patient/", StringComparison.Ordinal) ? value["Patient/".Length..] : value },
                "agent" or "altid" => query with { Agent = value },
                "action" => query with { Action = value },
                "subtype" => query with { Kind = value[(value.IndexOf('|', StringComparison.Ordinal) + 1)..] },
                "entity" => query with { Entity = value },
                "purpose" => query with { Purpose = value[(value.IndexOf('|', StringComparison.Ordinal) + 1)..] },
                "outcome" => value is "0" or "4" or "8" ? query with { Failed = value != "0" } : null,
                "date" or "_lastUpdated" => Within(query, value),
                "_count" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? query with { Count = Math.Min(count, LargestCount) } : null,
                _ => Ignored.Contains(name) ? query : null,
            };
            if (next is null)
            {
                return (null, Refusal.BadRequest("a parameter is not one that AuditEvent is searched by here, or has a value of the wrong form", IssueType.NotSupported));
            }
            query = next;
        }
        return (query, null);
    }

    private static AuditQuery? Within(AuditQuery query, string value)
    {
        var prefix = value.Length > 2 && char.IsAsciiLetter(value[0]) ? value[..2] : "eq";
        if (!DateRange.TryParse(value.Length > 2 && char.IsAsciiLetter(value[0]) ? value[2..] : value, out var range))
        {
            return null;
        }
        return prefix switch
        {
            "eq" => query with { From = range.Low, Before = range.High },
            "ge" => query with { From = range.Low },
            "gt" or "sa" => query with { From = range.High },
            "lt" or "eb" => query with { Before = range.Low },
            "le" => query with { Before = range.High },
            _ => null,
        };
    }
}
