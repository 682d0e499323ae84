namespace FhirFacade.Translation.Messages;

/// <summary>The resources of one message, each id once, in the order in which they were first named.</summary>
internal sealed class ResourceSet(string source)
{
    private const int Expected = 64;

    // Ids are hashes: few are the same in two types.
    private static readonly EqualityComparer<(string Type, string Id)> Comparer =
        EqualityComparer<(string Type, string Id)>.Create(static (a, b) => a.Id == b.Id && a.Type == b.Type, static key => string.GetHashCode(key.Id, StringComparison.Ordinal));

    private readonly List<ResourceDraft> _drafts = new(Expected);
    private readonly Dictionary<(string Type, string Id), ResourceDraft> _byId = new(Expected, Comparer);

    public IReadOnlyList<ResourceDraft> All => _drafts;

    public ResourceDraft? Find(string type, string id) => _byId.GetValueOrDefault((type, id));

    /// <summary>The draft of that id; new if there is none yet.</summary>
    public ResourceDraft GetOrAdd(string type, string id, TranslationMode mode, out bool isNew)
    {
        if (_byId.TryGetValue((type, id), out var draft))
        {
            isNew = false;
            return draft;
        }

        isNew = true;
        draft = new ResourceDraft(type, id, mode, source);
        _drafts.Add(draft);
        _byId.Add((type, id), draft);
        return draft;
    }

    /// <summary>Adds a draft that was made elsewhere, of an id that is new.</summary>
    public ResourceDraft Adopt(ResourceDraft draft)
    {
        _drafts.Add(draft);
        _byId.Add((draft.Type, draft.Id), draft);
        return draft;
    }

    /// <summary>Takes a draft out: another one says what it said.</summary>
    public void Remove(ResourceDraft draft)
    {
        _drafts.Remove(draft);
        _byId.Remove((draft.Type, draft.Id));
    }

    /// <summary>Puts a draft of an id that is new in the place of another.</summary>
    public void Replace(ResourceDraft draft, ResourceDraft by)
    {
        _drafts[_drafts.IndexOf(draft)] = by;
        _byId.Remove((draft.Type, draft.Id));
        _byId.Add((by.Type, by.Id), by);
    }
}
