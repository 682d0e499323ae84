using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Audit;
using FhirFacade.Server.Render;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>Carries out a single write in a transaction of its own, and answers it.</summary>
internal sealed class Writing(ResourceWriter resources, SmartSettings settings)
{
    /// <summary>Claims the condition, finds what it names, writes, answers.</summary>
    /// <param name="http">What is answered.</param>
    /// <param name="request">What is to be written.</param>
    /// <param name="content">The valid resource of a POST or PUT; undefined for none.</param>
    /// <param name="grant">What the client may do.</param>
    /// <param name="rendering">How the answer is written.</param>
    public async Task AnswerAsync(HttpContext http, WriteRequest request, JsonElement content, AccessGrant grant, Rendering rendering)
    {
        request = request.Condition is null || !request.HasContent ? request : request with { OwnId = RequestBody.IdOf(content) };
        var (outcome, refusal) = await resources.InTransactionAsync(grant, session => RunAsync(session, request, content, http.RequestAborted), http.RequestAborted);
        refusal ??= outcome is null ? null : request.Explain(outcome);
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        if (outcome is WriteOutcome.Deleted { Deletion: var deletion })
        {
            Disclosures.Of(http)?.Add(deletion);
        }
        var wanted = Prefer.Of(http.Request).Return;
        switch (outcome)
        {
            case WriteOutcome.Created(var resource):
                await ResourceResponse.WriteAsync(http, resource, rendering, StatusCodes.Status201Created, wanted, settings.FhirBase);
                break;
            case WriteOutcome.Updated(var resource):
                await ResourceResponse.WriteAsync(http, resource, rendering, StatusCodes.Status200OK, wanted, settings.FhirBase);
                break;
            case WriteOutcome.Unchanged(var resource):
                await ResourceResponse.WriteAsync(http, resource, rendering, StatusCodes.Status200OK, wanted, settings.FhirBase);
                break;
            case WriteOutcome.Deleted(var version, var at):
                ResourceResponse.Version(http.Response, version, at);
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
        }
    }

    private static async Task<(WriteOutcome? Outcome, Refusal? Refusal)> RunAsync(WriteSession session, WriteRequest request, JsonElement content, CancellationToken cancellationToken)
    {
        StoredResource? match = null;
        if (request.Condition is { } condition)
        {
            await session.ClaimAsync([condition.Claim], cancellationToken);
            (match, var several) = await condition.FindAsync(session, cancellationToken);
            if (several is not null)
            {
                return (null, several);
            }
        }
        var (target, existing, refusal) = request.Resolve(match);
        return refusal is not null ? (null, refusal)
            : existing is not null ? (new WriteOutcome.Unchanged(existing), null)
            : target is null ? (new WriteOutcome.NotFound(IsFailed: false), null)
            : (await session.WriteAsync(target.With(request.HasContent ? ResourceImage.Of(target.Type, target.Id, content) : null), cancellationToken), null);
    }
}
