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
        BundleBody? bundle = null;
        if (refusal is null)
        {
            (bundle, refusal) = await ReadAsync(http);
        }
        await (refusal is not null ? OutcomeResponse.WriteAsync(http, refusal)
            : bundle!.Type == "batch" ? batch.AnswerAsync(http, bundle.Entries, rendering!)
            : transaction.AnswerAsync(http, bundle.Entries, grant, rendering!));
    }

    private async Task<(BundleBody? Bundle, Refusal? Refusal)> ReadAsync(HttpContext http)
    {
        var (json, refusal) = await RequestBody.ReadJsonAsync(http, check.BundleLimits);
        return refusal is null ? BundleBody.Read(json, settings.FhirBase, options.MaxEntries, check.BundleLimits) : (null, refusal);
    }
}
