using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Hl7v2.Structures;
using FhirFacade.Translation.Codes;
using FhirFacade.Translation.DataTypes;
using FhirFacade.Translation.Lineage;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.Messages;

/// <summary>What the maps need to know about the message in which they run, and where they leave what they find.</summary>
internal sealed class MessageScope
{
    private readonly List<TranslationIssue> _issues = [];
    private readonly List<LineageEntry>? _lineage;

    public MessageScope(Hl7Message message, FeedProfile profile, MapSet maps)
    {
        Message = message;
        Profile = profile;
        Maps = maps;
        Use = new FieldUse(message);
        Header = message[0];
        Time = TimeDefaults.Of(Header[7], profile);
        Sender = new Sender(Header);
        Key = BusinessId.OfBytes(message.Bytes.Span);
        Resources = new ResourceSet(Sender.Source);
        _lineage = profile.Lineage ? [] : null;
        Assembled = _lineage is null ? null : new AssembledElements(Use, _lineage);
    }

    public Hl7Message Message { get; }

    public FeedProfile Profile { get; }

    public MapSet Maps { get; }

    public Hl7Segment Header { get; }

    public FieldUse Use { get; }

    public TimeDefaults Time { get; }

    public Sender Sender { get; }

    /// <summary>A key of the message's bytes: for what has no business key of its own.</summary>
    public string Key { get; }

    public ResourceSet Resources { get; }

    public IReadOnlyList<TranslationIssue> Issues => _issues;

    /// <summary>Where what the assemblies make came from; null if nobody asks.</summary>
    public AssembledElements? Assembled { get; }

    public int IssueCount => _issues.Count;

    public IReadOnlyList<LineageEntry> Lineage => _lineage ?? [];

    /// <summary>The segment being mapped.</summary>
    public Hl7Segment Segment { get; set; }

    /// <summary>Which value of OBX-5 is being mapped, where each is an Observation of its own; 0 for all of them.</summary>
    public int Repetition { get; set; }

    /// <summary>The group of the segment that is being walked; null before the first.</summary>
    public SegmentGroup? Group { get; set; }

    /// <summary>ORC and OBR of the order being mapped, so that each can ask about the other.</summary>
    public Hl7Segment? Orc { get; set; }

    public Hl7Segment? Obr { get; set; }

    /// <summary>The segment of that name which belongs with the one being mapped: of its group, else of the groups around it, else the first of the message.</summary>
    public Hl7Segment? Related(string name) => name switch
    {
        "MSH" => Header,
        "ORC" => Orc,
        "OBR" => Obr,
        _ => InGroup(name) ?? Message.First(name),
    };

    private Hl7Segment? InGroup(string name)
    {
        for (var group = Group; group?.Parent is not null; group = group.Parent)
        {
            if (group.First(name) is { } segment)
            {
                return segment;
            }
        }

        return null;
    }

    /// <summary>A draft that goes nowhere: for a segment that repeats what is translated already, so that its fields still count as read.</summary>
    public ResourceDraft Scratch(string type) => new(type, "scratch", TranslationMode.Merge, Sender.Source);

    /// <inheritdoc cref="Scratch(string)"/>
    public ResourceDraft Scratch(ResourceDraft like) => new(like.Type, like.Id, like.Mode, Sender.Source);

    public void Error(int code, string location, string rule) => _issues.Add(new TranslationIssue(Hl7Severity.Error, code, location, rule));

    public void Warn(int code, string location, string rule) => _issues.Add(new TranslationIssue(Hl7Severity.Warning, code, location, rule));

    public void Report(Hl7Error found) => _issues.Add(new TranslationIssue(found.Severity, found.Code, found.Location, found.Rule));

    /// <summary>Persons and organisations that the message has named before, by the bytes that name them.</summary>
    public NamedBefore Named { get; } = new();

    /// <summary>A code that its table does not know.</summary>
    public void UnknownCode(Hl7Element value, CodeTable table) =>
        Warn(Table0357.TableValueNotFound, value.Location, $"a code of table {table.V2Table ?? table.Name}");

    public void Trace(ResourceDraft draft, MapRow row, Hl7Element value) =>
        _lineage?.Add(new LineageEntry($"{draft.Type}/{draft.Id}", row.Path, value.Location, row.TypeName ?? ""));

    /// <summary>What was traced of a draft is of another one that has taken its place, some elements inside one of its own.</summary>
    public void TraceInstead(ResourceDraft draft, ResourceDraft by, string[] elements, string prefix)
    {
        for (var i = 0; i < _lineage?.Count; i++)
        {
            if (_lineage[i] is { } entry && entry.Resource == $"{draft.Type}/{draft.Id}")
            {
                var isInside = elements.Contains(entry.Element.Split('.', '[', '(')[0]);
                _lineage[i] = entry with { Resource = $"{by.Type}/{by.Id}", Element = isInside ? prefix + entry.Element : entry.Element };
            }
        }
    }
}
