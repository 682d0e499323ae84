using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>An entry of a transaction that has been read and allowed, as far as that goes without the database and without its content.</summary>
/// <param name="Entry">As it came.</param>
/// <param name="Write">What it writes; null for a read.</param>
/// <param name="Read">What it reads; null for a write.</param>
internal sealed record TransactionEntry(BundleRequest Entry, WriteRequest? Write, TransactionRead? Read);

/// <summary>Reads the entries of a transaction.</summary>
internal sealed class TransactionEntries(AccessGrant grant, ContentCheck check, RestOptions options, TimeProvider clock, TerminologySet? terminology)
{
    /// <summary>What an entry searches by, to read, to write or to create nothing twice.</summary>
    public static IEnumerable<string> QueriesOf(BundleRequest entry) =>
        new[] { entry.Url.IndexOf('?', StringComparison.Ordinal) is >= 0 and var question ? entry.Url[question..] : null, entry.Conditions.IfNoneExist }.OfType<string>();

    /// <summary>All of them, or why the first one that is wrong refuses the transaction.</summary>
    public (ImmutableArray<TransactionEntry> Entries, Refusal? Refusal) Read(ImmutableArray<BundleRequest> entries)
    {
        var read = ImmutableArray.CreateBuilder<TransactionEntry>(entries.Length);
        var claims = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var (item, refusal) = Read(entry);
            refusal ??= item?.Write is not { HasContent: true } && entry.HasResource ? entry.Read(check.Limits).Refusal : null;
            refusal ??= item?.Write?.Condition is { } condition && !claims.Add(condition.Claim)
                ? Refusal.BadRequest("another entry has the same condition", IssueType.Duplicate)
                : null;
            if (refusal is not null)
            {
                return ([], entry.Refuse(refusal));
            }
            read.Add(item!);
        }
        return (read.MoveToImmutable(), null);
    }

    private (TransactionEntry? Item, Refusal? Refusal) Read(BundleRequest entry)
    {
        var question = entry.Url.IndexOf('?', StringComparison.Ordinal);
        var path = (question < 0 ? entry.Url : entry.Url[..question]).Split('/');
        var parameters = Parameters.Read(question < 0 ? null : entry.Url[question..]);
        var (type, id) = (path[0], path.Length > 1 ? path[1] : null);
        if (path.Length > 2 || id is not null && !RelativeReference.IsId(id) || entry.Method == "POST" && id is not null)
        {
            return (null, Refusal.BadRequest("a transaction holds reads, searches, creates, updates, patches and deletions only", IssueType.NotSupported));
        }
        if (entry.Method is "GET" or "HEAD")
        {
            var needed = id is null ? Interactions.Search : Interactions.Read;
            return Address.Refuse(type, grant, needed) is { } closed ? (null, closed)
                : TransactionRead.Of(type, id, parameters, grant, clock, terminology) switch
                {
                    (null, var refused) => (null, refused),
                    (var read, _) => (new TransactionEntry(entry, null, read), null),
                };
        }
        var (write, refusal) = ReadWrite(entry, type, id, parameters);
        return refusal is null ? (new TransactionEntry(entry, write, null), null) : (null, refusal);
    }

    private (WriteRequest? Write, Refusal? Refusal) ReadWrite(BundleRequest entry, string type, string? id, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var write = new WriteRequest(entry.Method, type, id) { MayCreate = options.UpdateCreates };
        if (Address.Refuse(type, grant, write.Needed) is { } closed)
        {
            return (null, closed);
        }
        if (entry.Conditions.IfMatch is { } tag)
        {
            if (ETag.Parse(tag) is not { } version)
            {
                return (null, Refusal.BadRequest("ifMatch is to be one entity tag such as W/\"3\""));
            }
            write = write with { IfMatch = version };
        }
        var search = entry.Method == "POST" ? entry.Conditions.IfNoneExist is { } none ? Parameters.Read(none) : null : id is null ? parameters : null;
        if (search is not null)
        {
            var (condition, refusal) = Condition.Read(type, search, grant, clock, terminology);
            if (refusal is not null)
            {
                return (null, refusal);
            }
            write = write with { Condition = condition };
        }
        return entry.Method switch
        {
            "DELETE" => (write, null),
            _ when !entry.HasResource => (null, Refusal.BadRequest("there is no resource to be written", IssueType.Required)),
            "PATCH" => ReadPatch(entry, write),
            "PUT" when write.Condition is not null => ReadOwnId(entry, write),
            _ => (write, null),
        };
    }

    private (WriteRequest? Write, Refusal? Refusal) ReadOwnId(BundleRequest entry, WriteRequest write)
    {
        var (resource, refusal) = entry.Read(check.Limits);
        return refusal is null ? (write with { OwnId = RequestBody.IdOf(resource) }, null) : (null, refusal);
    }

    private (WriteRequest? Write, Refusal? Refusal) ReadPatch(BundleRequest entry, WriteRequest write)
    {
        var (resource, refusal) = entry.Read(check.Limits);
        if (refusal is not null)
        {
            return (null, refusal);
        }
        Func<JsonElement, ChangedContent>? patch;
        if (BinaryPatch.In(resource) is var (bytes, contentType))
        {
            (patch, refusal) = BodyFormat.Of(contentType) is { } format
                ? ResourcePatch.Parse(bytes, format, check)
                : (null, Refusal.One(StatusCodes.Status415UnsupportedMediaType, IssueType.NotSupported, "the Binary holds no patch"));
        }
        else
        {
            (patch, refusal) = ResourcePatch.Of(resource, check, terminology);
        }
        return refusal is null ? (write with { Patch = patch }, null) : (null, refusal);
    }
}
