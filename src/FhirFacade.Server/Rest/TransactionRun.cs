using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Server.Render;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>One attempt at a transaction: claim, find, name, write, read.</summary>
internal sealed class TransactionRun(WriteSession session, TransactionWork work, AccessGrant grant, SmartSettings settings, TimeProvider clock, TerminologySet? terminology)
{
    private readonly BundleEntry.Answer?[] answers = new BundleEntry.Answer?[work.Entries.Length];
    private readonly List<Issue> warnings = [];

    /// <summary>What of the Consents that were written is not understood; each entry's answer says it, too.</summary>
    public IReadOnlyCollection<Issue> Warnings => warnings;

    /// <summary>The answers, or the refusal that undoes all of it.</summary>
    public async Task<(BundleEntry.Answer[] Answers, Refusal? Refusal)> RunAsync(PreferReturn wanted, CancellationToken cancellationToken)
    {
        await session.ClaimAsync(work.Entries.Select(w => w.Write?.Condition?.Claim).OfType<string>(), cancellationToken);
        var (targets, refusal) = work.Targets is { } known ? (known, null) : await ResolveAsync(wanted, cancellationToken);
        refusal ??= work.Targets is null ? work.Duplicate(targets) : null;
        refusal ??= await WriteAsync(targets, wanted, cancellationToken);
        for (var i = 0; refusal is null && i < work.Entries.Length; i++)
        {
            if (work.Entries[i].Read is { } read)
            {
                (answers[i], refusal) = await read.RunAsync(session, settings.FhirBase, clock.GetUtcNow(), cancellationToken);
                refusal = refusal is null ? null : work.Entries[i].Entry.Refuse(refusal);
            }
        }
        if (refusal is not null)
        {
            session.Fail();
        }
        return ([.. answers.OfType<BundleEntry.Answer>()], refusal);
    }

    private async Task<(ImmutableArray<(int Index, WriteTarget Target)> Targets, Refusal? Refusal)> ResolveAsync(PreferReturn wanted, CancellationToken cancellationToken)
    {
        var targets = ImmutableArray.CreateBuilder<(int, WriteTarget)>();
        for (var i = 0; i < work.Entries.Length; i++)
        {
            if (work.Entries[i].Write is not { } request)
            {
                continue;
            }
            StoredResource? match = null;
            Refusal? refusal = null;
            if (request.Condition is { } condition)
            {
                (match, refusal) = await condition.FindAsync(session, cancellationToken);
            }
            var (target, existing, refused) = refusal is null ? request.Resolve(match) : default;
            if ((refusal ?? refused) is { } reason)
            {
                return ([], work.Entries[i].Entry.Refuse(reason));
            }
            if (target is not null)
            {
                targets.Add((i, target));
            }
            else
            {
                answers[i] = existing is null ? Answer("204 No Content") : Answer("200 OK", existing, PatientOf(existing), wanted);
            }
        }
        return (targets.DrainToImmutable(), null);
    }

    private Dictionary<string, string> Names(ImmutableArray<(int Index, WriteTarget Target)> targets)
    {
        var names = work.Names(targets);
        for (var i = 0; i < answers.Length; i++)
        {
            if (work.Entries[i].Entry.FullUrl is { } fullUrl && answers[i] is { Location: { } location })
            {
                names[fullUrl] = location[..location.IndexOf("/_history", StringComparison.Ordinal)];
            }
        }
        return names;
    }

    // R4 http.html, transaction processing rules: conditional references come last, so that they find what the transaction itself has
    // written. What has none is therefore written first; then what refers to a type of which nothing is left to be written, and so on.
    private async Task<Refusal?> WriteAsync(ImmutableArray<(int Index, WriteTarget Target)> targets, PreferReturn wanted, CancellationToken cancellationToken)
    {
        var names = Names(targets);
        var pending = targets.OrderBy(t => Order(t.Target)).ToList();
        while (pending.Count > 0)
        {
            var types = pending.Select(p => p.Target.Type).ToHashSet(StringComparer.Ordinal);
            var open = pending.SelectMany(p => work.ReferencesOf(p.Index)).Where(r => !names.ContainsKey(r)).ToHashSet(StringComparer.Ordinal);
            var settled = open.Where(r => !types.Contains(TypeOf(r))).ToList();
            open.ExceptWith(settled);
            var ready = pending.Where(p => !work.ReferencesOf(p.Index).Any(open.Contains)).ToList();
            var refusal = await FindAsync(ready.Count > 0 ? settled : [.. settled, .. open], names, cancellationToken);
            var rewriter = new ReferenceRewriter(names);
            foreach (var slice in ready.Chunk(TransactionWork.Slice))
            {
                refusal ??= await WriteAsync(slice, rewriter, wanted, cancellationToken);
            }
            if (refusal is not null)
            {
                return refusal;
            }
            var done = ready.Select(r => r.Index).ToHashSet();
            pending.RemoveAll(p => done.Contains(p.Index));
        }
        return null;
    }

    // R4 http.html: deletions, then creates, then updates and patches.
    private static int Order(WriteTarget target) => target.Request.Method == "DELETE" ? 0 : target.IsNew ? 1 : 2;

    /// <summary>What a conditional reference searches by.</summary>
    public static string QueryOf(string reference) => reference[reference.IndexOf('?', StringComparison.Ordinal)..];

    private static string TypeOf(string reference) => reference[..reference.IndexOf('?', StringComparison.Ordinal)];

    private async Task<Refusal?> FindAsync(List<string> references, Dictionary<string, string> names, CancellationToken cancellationToken)
    {
        foreach (var reference in references)
        {
            var type = TypeOf(reference);
            var (condition, refusal) = Condition.Read(type, Parameters.Read(QueryOf(reference)), grant, clock, terminology);
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

    private async Task<Refusal?> WriteAsync((int Index, WriteTarget Target)[] slice, ReferenceRewriter rewriter, PreferReturn wanted, CancellationToken cancellationToken)
    {
        var writes = new ResourceWrite[slice.Length];
        for (var i = 0; i < slice.Length; i++)
        {
            var (image, refusal) = work.ImageOf(slice[i].Index, slice[i].Target, rewriter);
            if (refusal is not null)
            {
                return refusal;
            }
            writes[i] = slice[i].Target.With(image);
        }
        var outcomes = await session.WriteAsync(writes, wanted == PreferReturn.Representation || writes.Any(write => write.Type == ConsentWarnings.Type), cancellationToken);
        for (var i = 0; i < slice.Length; i++)
        {
            var (index, outcome) = (slice[i].Index, outcomes[i]);
            if (outcome is null)
            {
                continue;
            }
            if (slice[i].Target.Request.Explain(outcome) is { } refusal)
            {
                return work.Entries[index].Entry.Refuse(refusal);
            }
            answers[index] = outcome switch
            {
                WriteOutcome.Created(var resource) => Answer("201 Created", resource, outcome.PatientId, wanted),
                WriteOutcome.Updated(var resource) => Answer("200 OK", resource, outcome.PatientId, wanted),
                WriteOutcome.Unchanged(var resource) => Answer("200 OK", resource, outcome.PatientId, wanted),
                WriteOutcome.Deleted(var version, var at) gone => Answer("204 No Content") with { ETag = ETag.Of(version), LastModified = at, Version = gone.Deletion },
                _ => Answer("204 No Content"),
            };
        }
        return null;
    }

    private static BundleEntry.Answer Answer(string status) => new(null, "", default, status, null, null, null, default);

    private static string? PatientOf(StoredResource resource)
    {
        using var document = JsonDocument.Parse(resource.Doc);
        return PatientCompartment.Of(resource.Type, document.RootElement) is PatientMembership.One(var patient) ? patient : null;
    }

    private BundleEntry.Answer Answer(string status, StoredResource resource, string? patientId, PreferReturn wanted)
    {
        var address = $"{resource.Type}/{resource.Id}";
        var isShown = wanted == PreferReturn.Representation;
        var ofConsent = ConsentWarnings.In(resource);
        warnings.AddRange(ofConsent);
        return new(
            isShown ? $"{settings.FhirBase}/{address}" : null, resource.Type, isShown ? resource.Doc : default, status, $"{address}/_history/{resource.Version}",
            ETag.Of(resource.Version), resource.LastUpdated,
            wanted == PreferReturn.OperationOutcome ? OperationOutcome.ToJson([Issue.Information(IssueType.Informational, "the resource is stored"), .. ofConsent])
                : ofConsent.IsEmpty ? default : OperationOutcome.ToJson(ofConsent))
        {
            Made = new MadeVersion(resource.Type, resource.Id, resource.Version, patientId),
        };
    }
}
