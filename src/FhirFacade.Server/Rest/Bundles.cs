using System.Text.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>POST [base]</c> (R4 http.html, batch and transaction).</summary>
internal sealed class Bundles(Batch batch, Transaction transaction, ContentCheck check, SmartSettings settings, RestOptions options)
{
    /// <summary>200 with the answers in the order of the entries; 400, 413, 415, and for a transaction every status that one of its entries can be refused with.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var grant = GrantFactory.From(http.User);
        var (rendering, refusal) = Format.Negotiate(http.Request);
        JsonElement bundle = default;
        if (refusal is null)
        {
            (bundle, refusal) = await RequestBody.ReadAnyAsync(http, check.BundleLimits);
        }
        refusal ??= TypeOf(bundle) is "batch" or "transaction" ? null : Refusal.BadRequest("what is posted to the base is a Bundle of type batch or transaction", IssueType.Value);
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        var (entries, wrong) = BundleRequest.Read(bundle, settings.FhirBase, options.MaxEntries);
        await (wrong is not null ? OutcomeResponse.WriteAsync(http, wrong)
            : TypeOf(bundle) == "batch" ? batch.AnswerAsync(http, entries, rendering!)
            : transaction.AnswerAsync(http, entries, grant, rendering!));
    }

    private static string? TypeOf(JsonElement bundle) =>
        bundle.GetProperty("resourceType").ValueEquals("Bundle") && bundle.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
}
