using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Json;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Execute;

namespace FhirFacade.Server.Rest.Async;

/// <summary>Takes out of a Bundle that was made earlier what a grant does not open now.</summary>
/// <remarks>What a search found is looked up by a search, what is a version is read as that version: in each the grant is part of the query.</remarks>
internal sealed class JudgedBundle(ResourceReader resources, SearchExecutor executor, TimeProvider clock)
{
    private const int AtOnce = 200;

    /// <summary>The Bundle with what is still open, and without links to pages that are not pages of it.</summary>
    public async Task<ReadOnlyMemory<byte>> JudgeAsync(byte[] bundle, AccessGrant grant, CancellationToken cancellationToken)
    {
        var json = JsonNode.Parse(bundle)!.AsObject();
        await JudgeAsync(json, grant, cancellationToken);
        var judged = ResourceContent.ToBytes(json);
        return Redaction.Of(grant.Masked) is { } redaction ? redaction.Apply(judged) : judged;     // what has been masked since
    }

    private async Task JudgeAsync(JsonObject bundle, AccessGrant grant, CancellationToken cancellationToken)
    {
        if (bundle["link"] is JsonArray links)
        {
            var own = links.Where(link => (string?)link!["relation"] == "self").Select(link => link!.DeepClone()).ToArray();
            bundle.Remove("link");
            if (own.Length > 0)
            {
                bundle["link"] = new JsonArray(own);
            }
        }
        if (bundle["entry"] is not JsonArray entries)
        {
            return;
        }
        var found = (string?)bundle["type"] == "searchset" ? await FoundAsync(entries, grant, cancellationToken) : null;
        var kept = new JsonArray();
        foreach (var entry in entries.Select(entry => entry!.AsObject()).ToList())
        {
            if (await IsOpenAsync(entry, found, grant, cancellationToken))
            {
                entries.Remove(entry);
                kept.Add((JsonNode)entry);
            }
        }
        bundle.Remove("entry");
        if (kept.Count > 0)
        {
            bundle["entry"] = kept;
        }
        if (entries.Count > 0)
        {
            bundle.Remove("total");     // what was taken out is not to be counted either
        }
    }

    private async Task<bool> IsOpenAsync(JsonObject entry, HashSet<(string, string)>? found, AccessGrant grant, CancellationToken cancellationToken)
    {
        if (entry["resource"] is not JsonObject resource)
        {
            return Version(entry) is not var (gone, id, number) || await resources.ReadVersionAsync(gone, id, number, grant, cancellationToken) is not ReadOutcome.NotFound;
        }
        var (type, key) = ((string?)resource["resourceType"] ?? "", (string?)resource["id"]);
        if (type is "OperationOutcome" or "Parameters")
        {
            return true;        // made by the server for this answer
        }
        if (found is not null)
        {
            return key is not null && found.Contains((type, key));
        }
        if (type == "Bundle" && (string?)resource["type"] is "searchset" or "history" && resource["meta"]?["versionId"] is null)
        {
            await JudgeAsync(resource, grant, cancellationToken);
            return true;
        }
        var version = (string?)resource["meta"]?["versionId"];
        return key is not null && int.TryParse(version, out var known)
            && await resources.ReadVersionAsync(type, key, known, grant, cancellationToken) is not ReadOutcome.NotFound;
    }

    // A deletion in a history names what it deleted only by its address and tag.
    private static (string Type, string Id, int Version)? Version(JsonObject entry) =>
        (string?)entry["request"]?["method"] == "DELETE" && ((string?)entry["request"]?["url"])?.Split('/') is [var type, var id] && ETag.Parse((string?)entry["response"]?["etag"] ?? "") is { } version
            ? (type, id, version)
            : null;

    private async Task<HashSet<(string, string)>> FoundAsync(JsonArray entries, AccessGrant grant, CancellationToken cancellationToken)
    {
        var open = new HashSet<(string, string)>();
        var named = entries.Select(entry => entry!["resource"]).OfType<JsonObject>().Select(resource => (Type: (string?)resource["resourceType"] ?? "", Id: (string?)resource["id"] ?? ""));
        foreach (var ofType in named.Where(one => Storage.Schema.ResourceTables.Has(one.Type) && one.Id.Length > 0).Distinct().GroupBy(one => one.Type, one => one.Id, StringComparer.Ordinal))
        {
            foreach (var ids in ofType.Chunk(AtOnce))
            {
                var (_, plan, _) = PlannedSearch.Of(ofType.Key, [new("_id", string.Join(',', ids))], grant, clock, query => query with { Count = ids.Length });
                open.UnionWith(plan is null ? [] : (await executor.ExecuteAsync(plan, cancellationToken)).Matches.Select(match => (match.Type, match.Id)));
            }
        }
        return open;
    }
}
