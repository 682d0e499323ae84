using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Render;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>One attempt at a transaction: claim, find, name, write, read.</summary>
internal sealed class TransactionRun(WriteSession session, ImmutableArray<TransactionEntry> work, AccessGrant grant, SmartSettings settings, TimeProvider clock)
{
    private readonly BundleEntry.Answer?[] answers = new BundleEntry.Answer?[work.Length];
    private readonly List<(int Index, ResourceWrite Write)> writes = [];

    /// <summary>The answers, or the refusal that undoes all of it.</summary>
    public async Task<(BundleEntry.Answer[] Answers, Refusal? Refusal)> RunAsync(PreferReturn wanted, CancellationToken cancellationToken)
    {
        var references = work.Where(w => w.Write is { Content.ValueKind: System.Text.Json.JsonValueKind.Object }).SelectMany(w => ReferenceRewriter.Conditional(w.Write!.Content)).ToHashSet(StringComparer.Ordinal);
        var claims = work.Select(w => w.Write?.Condition?.Claim).OfType<string>();
        await session.ClaimAsync(claims, cancellationToken);
        var refusal = await ResolveAsync(wanted, cancellationToken) ?? Duplicate();
        var names = refusal is null ? Names() : [];
        refusal ??= await FindReferencesAsync(references, names, cancellationToken);
        refusal ??= await WriteAsync(new ReferenceRewriter(names), wanted, cancellationToken);
        for (var i = 0; refusal is null && i < work.Length; i++)
        {
            if (work[i].Read is { } read)
            {
                (answers[i], refusal) = await read.RunAsync(session, settings.FhirBase, clock.GetUtcNow(), cancellationToken);
                refusal = refusal is null ? null : work[i].Entry.Refuse(refusal);
            }
        }
        if (refusal is not null)
        {
            session.Fail();
        }
        return ([.. answers.OfType<BundleEntry.Answer>()], refusal);
    }

    private async Task<Refusal?> ResolveAsync(PreferReturn wanted, CancellationToken cancellationToken)
    {
        for (var i = 0; i < work.Length; i++)
        {
            if (work[i].Write is not { } request)
            {
                continue;
            }
            StoredResource? match = null;
            Refusal? refusal = null;
            if (request.Condition is { } condition)
            {
                (match, refusal) = await condition.FindAsync(session, cancellationToken);
            }
            (var write, var existing, var refused) = refusal is null ? request.Resolve(match) : default;
            if ((refusal ?? refused) is { } reason)
            {
                return work[i].Entry.Refuse(reason);
            }
            if (write is not null)
            {
                writes.Add((i, write));
            }
            else
            {
                answers[i] = existing is null ? Answer("204 No Content") : Answer("200 OK", existing, wanted);
            }
        }
        return null;
    }

    // R4 http.html: a resource may be named by one entry only, conditions included.
    private Refusal? Duplicate()
    {
        var seen = new HashSet<(string, string)>();
        foreach (var (index, write) in writes)
        {
            if (!seen.Add((write.Type, write.Id)))
            {
                return work[index].Entry.Refuse(Refusal.BadRequest("another entry writes the same resource", IssueType.Duplicate));
            }
        }
        return null;
    }

    private Dictionary<string, string> Names()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (index, write) in writes)
        {
            if (work[index].Entry.FullUrl is { } fullUrl)
            {
                names[fullUrl] = $"{write.Type}/{write.Id}";
            }
        }
        for (var i = 0; i < work.Length; i++)
        {
            if (work[i].Entry.FullUrl is { } fullUrl && answers[i] is { Location: { } location })
            {
                names[fullUrl] = location[..location.IndexOf("/_history", StringComparison.Ordinal)];
            }
        }
        return names;
    }

    private async Task<Refusal?> FindReferencesAsync(HashSet<string> references, Dictionary<string, string> names, CancellationToken cancellationToken)
    {
        foreach (var reference in references)
        {
            var question = reference.IndexOf('?', StringComparison.Ordinal);
            var type = reference[..question];
            var (condition, refusal) = Condition.Read(type, Parameters.Read(reference[question..]), grant, clock);
            StoredResource? match = null;
            if (refusal is null)
            {
                (match, refusal) = await condition!.FindAsync(session, cancellationToken);
            }
            refusal ??= match is null
                ? Refusal.One(StatusCodes.Status412PreconditionFailed, IssueType.NotFound, $"a conditional reference to {type} matches nothing that the access token opens")
                : null;
            if (refusal is not null)
            {
                return refusal;
            }
            names[reference] = $"{type}/{match!.Id}";
        }
        return null;
    }

    private async Task<Refusal?> WriteAsync(ReferenceRewriter rewriter, PreferReturn wanted, CancellationToken cancellationToken)
    {
        var ordered = writes.Select(w => (w.Index, Write: Named(w.Write, work[w.Index].Entry.FullUrl, rewriter))).OrderBy(w => w.Write is ResourceWrite.Delete ? 0 : w.Write is ResourceWrite.Create ? 1 : 2).ToList();
        var outcomes = await session.WriteAsync([.. ordered.Select(w => w.Write)], cancellationToken);
        for (var i = 0; i < ordered.Count; i++)
        {
            var (index, outcome) = (ordered[i].Index, outcomes[i]);
            if (outcome is null)
            {
                continue;
            }
            if (work[index].Write!.Explain(outcome) is { } refusal)
            {
                return work[index].Entry.Refuse(refusal);
            }
            answers[index] = outcome switch
            {
                WriteOutcome.Created(var resource) => Answer("201 Created", resource, wanted),
                WriteOutcome.Updated(var resource) => Answer("200 OK", resource, wanted),
                WriteOutcome.Unchanged(var resource) => Answer("200 OK", resource, wanted),
                WriteOutcome.Deleted(var version, var at) => Answer("204 No Content") with { ETag = ETag.Of(version), LastModified = at, Deleted = $"{ordered[i].Write.Type}/{ordered[i].Write.Id}/_history/{version}" },
                _ => Answer("204 No Content"),
            };
        }
        return null;
    }

    private static ResourceWrite Named(ResourceWrite write, string? fullUrl, ReferenceRewriter rewriter) => write switch
    {
        ResourceWrite.Create create => create with { Content = rewriter.Rewrite(create.Content, fullUrl) },
        ResourceWrite.Put put => put with { Content = rewriter.Rewrite(put.Content, fullUrl) },
        _ => write,
    };

    private static BundleEntry.Answer Answer(string status) => new(null, "", default, status, null, null, null, default);

    private BundleEntry.Answer Answer(string status, StoredResource resource, PreferReturn wanted)
    {
        var address = $"{resource.Type}/{resource.Id}";
        var isShown = wanted == PreferReturn.Representation;
        return new(
            isShown ? $"{settings.FhirBase}/{address}" : null, resource.Type, isShown ? resource.Doc : default, status, $"{address}/_history/{resource.Version}",
            ETag.Of(resource.Version), resource.LastUpdated,
            wanted == PreferReturn.OperationOutcome ? OperationOutcome.ToJson(Issue.Information(IssueType.Informational, "the resource is stored")) : default)
        {
            Made = resource,
        };
    }
}
