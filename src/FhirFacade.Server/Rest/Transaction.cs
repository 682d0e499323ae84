using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Render;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>A transaction (R4 http.html): all of its entries or none, in one transaction of the database.</summary>
/// <remarks>
/// Deletions come first, then creates, updates and patches, and reads last, which see what was written. The grant is asked for every entry: for its type, for
/// the row before, and for the row after.
/// </remarks>
internal sealed class Transaction(ResourceWriter resources, ContentCheck check, SmartSettings settings, RestOptions options, Conditions conditions, TimeProvider clock)
{
    /// <summary>200 with the answers in the order of the entries, or the refusal of the first entry that cannot be done.</summary>
    public async Task AnswerAsync(HttpContext http, ImmutableArray<BundleRequest> entries, AccessGrant grant, Rendering rendering)
    {
        var reader = new TransactionEntries(grant, check, options, clock, await conditions.TermsOfAsync(entries.SelectMany(TransactionEntries.QueriesOf), entries.Where(entry => entry.Method == "PATCH" && entry.HasResource).Select(entry => entry.Read(check.Limits).Resource), grant, http.RequestAborted));
        var (read, refusal) = reader.Read(entries);
        TransactionWork? work = null;
        if (refusal is null)
        {
            (work, refusal) = TransactionWork.Of(read, check);
        }
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        var terms = await conditions.TermsOfAsync(work!.References.Select(TransactionRun.QueryOf), grant, http.RequestAborted);
        var prefer = Prefer.Of(http.Request);
        var wanted = http.Request.Headers.ContainsKey("Prefer") ? prefer.Return : PreferReturn.Minimal;
        TransactionRun? run = null;
        var (answers, failed) = await resources.InTransactionAsync(
            grant, session => (run = new TransactionRun(session, work!, grant, settings, clock, terms)).RunAsync(wanted, http.RequestAborted), http.RequestAborted);
        if (failed is null)
        {
            ConsentWarnings.Log(http, run!.Warnings);
            Prefer.Applied(http, "return");
        }
        await (failed is null
            ? BundleAnswer.WriteAsync(http, "transaction-response", answers, rendering, clock.GetUtcNow())
            : OutcomeResponse.WriteAsync(http, failed));
    }
}
