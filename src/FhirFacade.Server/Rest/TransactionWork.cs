using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Resources;

namespace FhirFacade.Server.Rest;

/// <summary>
/// What a transaction has to do, got ready as far as that goes before the database is asked. Where no entry has a condition, each is known by name at
/// once, and what few entries bring is all made in advance; where there are many, it is made a slice at a time, so that they never are in memory together.
/// </summary>
internal sealed class TransactionWork
{
    /// <summary>How many resources are made and written together.</summary>
    public const int Slice = 1000;

    private readonly ContentCheck check;
    private readonly ImmutableArray<string>[] references;
    private readonly ResourceImage?[] images;

    private TransactionWork(ImmutableArray<TransactionEntry> entries, ContentCheck check)
    {
        (Entries, this.check) = (entries, check);
        images = new ResourceImage?[entries.Length];
        references = [.. entries.Select(e => e.Write is { HasContent: true } ? ReferenceRewriter.Conditional(e.Entry.Resource.Span) : [])];
    }

    /// <summary>The entries in their order.</summary>
    public ImmutableArray<TransactionEntry> Entries { get; }

    /// <summary>What each entry writes, where that is known without the database; else null.</summary>
    public ImmutableArray<(int Index, WriteTarget Target)>? Targets { get; private set; }

    /// <summary>The references in all entries that are searches.</summary>
    public IEnumerable<string> References => references.SelectMany(ofEntry => ofEntry).Distinct(StringComparer.Ordinal);

    /// <summary>The references in an entry that are searches.</summary>
    public ImmutableArray<string> ReferencesOf(int index) => references[index];

    /// <summary>Gets the entries ready, or tells why one of them cannot be.</summary>
    public static (TransactionWork? Work, Refusal? Refusal) Of(ImmutableArray<TransactionEntry> entries, ContentCheck check)
    {
        var work = new TransactionWork(entries, check);
        var refusal = entries.Any(e => e.Write?.Condition is not null) || work.references.Any(r => !r.IsEmpty) ? null : work.Resolve();
        return refusal is null ? (work, null) : (null, refusal);
    }

    /// <summary>The names of the entries that are written: what the others call them, and what they are called once they are stored.</summary>
    public Dictionary<string, string> Names(IEnumerable<(int Index, WriteTarget Target)> targets)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (index, target) in targets)
        {
            if (Entries[index].Entry.FullUrl is { } fullUrl)
            {
                names[fullUrl] = $"{target.Type}/{target.Id}";
            }
        }
        return names;
    }

    /// <summary>The content that an entry writes, with every name replaced; none for a patch or a deletion, or why there is none.</summary>
    public (ResourceImage? Image, Refusal? Refusal) ImageOf(int index, WriteTarget target, ReferenceRewriter rewriter)
    {
        if (images[index] is not null || !target.Request.HasContent)
        {
            return (images[index], null);
        }
        var entry = Entries[index].Entry;
        var (document, refusal) = check.Read(rewriter.Rewrite(entry.Resource, target.Type, entry.FullUrl), target.Type, target.Request.Method == "PUT" ? target.Request.Id : null);
        using (document)
        {
            return document is null ? (null, entry.Refuse(refusal!)) : (ResourceImage.Of(target.Type, target.Id, document.RootElement), null);
        }
    }

    /// <summary>Refuses entries that write the same resource (R4 http.html: it may be named by one entry only, conditions included).</summary>
    public Refusal? Duplicate(IEnumerable<(int Index, WriteTarget Target)> targets)
    {
        var seen = new HashSet<(string, string)>();
        foreach (var (index, target) in targets)
        {
            if (!seen.Add((target.Type, target.Id)))
            {
                return Entries[index].Entry.Refuse(Refusal.BadRequest("another entry writes the same resource", IssueType.Duplicate));
            }
        }
        return null;
    }

    private Refusal? Resolve()
    {
        Targets = [.. Entries.Select((entry, i) => (Index: i, Target: entry.Write?.Resolve(null).Target)).Where(w => w.Target is not null).Select(w => (w.Index, w.Target!))];
        var duplicate = Duplicate(Targets);
        if (duplicate is not null || Targets.Value.Length > Slice)
        {
            return duplicate;
        }
        var rewriter = new ReferenceRewriter(Names(Targets));
        foreach (var (index, target) in Targets)
        {
            (images[index], var refusal) = ImageOf(index, target, rewriter);
            if (refusal is not null)
            {
                return refusal;
            }
        }
        return null;
    }
}
