using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Structures;

/// <summary>One occurrence of a group in a message, such as the third ORDER_OBSERVATION; the message itself is the outermost.</summary>
public sealed class SegmentGroup
{
    private readonly MessageGroups _message;
    private SegmentGroup? _firstChild;
    private SegmentGroup? _lastChild;
    private SegmentGroup? _next;

    internal SegmentGroup(MessageGroups message, StructureNode node, SegmentGroup? parent, int first)
    {
        _message = message;
        Node = node;
        Parent = parent;
        FirstIndex = first;
        LastIndex = first;
        if (parent is not null)
        {
            if (parent._lastChild is { } elder)
            {
                Ordinal = 1 + (elder.Node == node ? elder.Ordinal : parent.Groups(node.Name).Count());
                elder._next = this;
            }

            parent._firstChild ??= this;
            parent._lastChild = this;
        }
    }

    /// <summary>Such as <c>ORDER_OBSERVATION</c>; empty for the message.</summary>
    public string Name => Node.Name;

    /// <summary>The group around it; null for the message.</summary>
    public SegmentGroup? Parent { get; }

    /// <summary>1-based among the groups of its name in the same parent.</summary>
    public int Ordinal { get; } = 1;

    /// <summary>Its own segments in message order, without those of the groups inside it.</summary>
    public IEnumerable<Hl7Segment> Segments
    {
        get
        {
            for (var i = FirstIndex; i <= LastIndex; i++)
            {
                if (ReferenceEquals(_message.At(i), this))
                {
                    yield return _message.Message[i];
                }
            }
        }
    }

    internal StructureNode Node { get; }

    internal int FirstIndex { get; }

    internal int LastIndex { get; set; }

    /// <summary>The first of its own segments that has this name.</summary>
    public Hl7Segment? First(string name)
    {
        for (var i = FirstIndex; i <= LastIndex; i++)
        {
            if (ReferenceEquals(_message.At(i), this) && _message.Message[i].Is(name))
            {
                return _message.Message[i];
            }
        }

        return null;
    }

    /// <summary>The groups directly inside it, in message order.</summary>
    public IEnumerable<SegmentGroup> Groups()
    {
        for (var child = _firstChild; child is not null; child = child._next)
        {
            yield return child;
        }
    }

    /// <summary>Those of one name.</summary>
    public IEnumerable<SegmentGroup> Groups(string name) => Groups().Where(g => g.Name == name);

    /// <summary>This group or the nearest around it that has the name; null if there is none.</summary>
    public SegmentGroup? Within(string name)
    {
        for (var group = this; group is not null; group = group.Parent)
        {
            if (group.Name == name)
            {
                return group;
            }
        }

        return null;
    }

    /// <summary>True if it is the other group or lies inside it.</summary>
    public bool IsIn(SegmentGroup other)
    {
        for (var group = this; group is not null; group = group.Parent)
        {
            if (ReferenceEquals(group, other))
            {
                return true;
            }
        }

        return false;
    }
}
