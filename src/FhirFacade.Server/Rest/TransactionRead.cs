using System.Collections.Immutable;
using System.IO.Pipelines;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Server.Render;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Server.Rest;

/// <summary>A read or search in a transaction: it sees what the transaction wrote.</summary>
/// <param name="Type">Resource type.</param>
/// <param name="Id">Logical id; null for a search.</param>
/// <param name="Query">The search that was asked for; null for a read.</param>
/// <param name="Plan">The same with the grant inside it.</param>
internal sealed record TransactionRead(string Type, string? Id, SearchQuery? Query, SearchPlan? Plan)
{
    /// <summary>The read, or why there is none.</summary>
    public static (TransactionRead? Read, Refusal? Refusal) Of(
        string type, string? id, IReadOnlyList<KeyValuePair<string, string>> parameters, AccessGrant grant, TimeProvider clock, TerminologySet? terminology)
    {
        if (id is not null)
        {
            return (new TransactionRead(type, id, null, null), null);
        }
        var (query, plan, refusal) = PlannedSearch.Of(type, parameters, grant, clock, terminology: terminology);
        return refusal is null ? (new TransactionRead(type, null, query, plan), null) : (null, refusal);
    }

    /// <summary>The answer, or 404 or 410 for a resource that is not there or not open.</summary>
    public async Task<(BundleEntry.Answer? Answer, Refusal? Refusal)> RunAsync(WriteSession session, string fhirBase, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Id is null)
        {
            return (new BundleEntry.Answer(null, "Bundle", await SearchAsync(session, fhirBase, now, cancellationToken), "200 OK", null, null, null, default), null);
        }
        return await session.ReadAsync(Type, Id, cancellationToken) switch
        {
            ReadOutcome.Found(var found) => (new BundleEntry.Answer($"{fhirBase}/{Type}/{Id}", Type, found.Doc, "200 OK", null, ETag.Of(found.Version), found.LastUpdated, default) { Version = found }, null),
            ReadOutcome.Gone => (null, Refusal.Gone()),
            _ => (null, Refusal.NotFound()),
        };
    }

    private async Task<ReadOnlyMemory<byte>> SearchAsync(WriteSession session, string fhirBase, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var page = await session.FindAsync(Plan!, cancellationToken);
        using var bytes = new MemoryStream();
        var output = PipeWriter.Create(bytes, new StreamPipeWriterOptions(leaveOpen: true));
        var entries = page.Matches.Select(match => (match, "match")).Concat(page.Included.Select(included => (included, "include")))
            .Select(item => new BundleEntry.Search($"{fhirBase}/{item.Item1.Type}/{item.Item1.Id}", item.Item1.Type, item.Item1.Doc, item.Item2) { Version = item.Item1 });
        ImmutableArray<BundleLink> self = [new("self", $"{fhirBase}/{Type}?{Parameters.Encode(Query!.Applied)}")];
        await BundleWriter.WriteAsync(output, new Bundle("searchset", page.Total, self, entries), Rendering.Default, now, cancellationToken);
        await output.CompleteAsync();
        return bytes.ToArray();
    }
}
