using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Structures;

/// <summary>A segment, a choice of segments or a group, at its place in a message structure.</summary>
internal sealed class StructureNode
{
    public StructureNode(string name, bool isRequired, bool repeats, StructureNode[]? children)
    {
        Name = name;
        IsRequired = isRequired;
        Repeats = repeats;
        Children = children;
        Starts = children is null ? [.. name.Split('|').Select(static n => SegmentName.Pack(n))] : FirstOf(children);
        Holds = children is null ? Starts : [.. children.SelectMany(static c => c.Holds).Distinct()];
    }

    /// <summary>Name of the group; names of the segments, joined by <c>|</c>.</summary>
    public string Name { get; }

    public bool IsRequired { get; }

    public bool Repeats { get; }

    /// <summary>Null for segments.</summary>
    public StructureNode[]? Children { get; }

    /// <summary>Packed names of the segments with which it may begin.</summary>
    public int[] Starts { get; }

    /// <summary>Packed names of all segments that it may hold, however deep.</summary>
    public int[] Holds { get; }

    private static int[] FirstOf(StructureNode[] children)
    {
        var first = new List<int>();
        foreach (var child in children)
        {
            first.AddRange(child.Starts);
            if (child.IsRequired)
            {
                break;
            }
        }

        return [.. first.Distinct()];
    }
}
