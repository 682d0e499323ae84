using System.Collections.Immutable;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Structures;

/// <summary>
/// The segments of a message in the groups of its structure. Reading never fails: a segment that stands where the structure does not
/// have it goes to the group where it would belong, or stays with the segment before it, and is named in <see cref="Deviations"/>.
/// </summary>
public sealed class MessageGroups
{
    private readonly SegmentGroup[] _groups;

    internal MessageGroups(Hl7Message message, MessageType type, MessageStructure? structure)
    {
        Message = message;
        Type = type;
        Structure = structure;
        _groups = new SegmentGroup[message.SegmentCount];
    }

    /// <summary>The message.</summary>
    public Hl7Message Message { get; }

    /// <summary>Its type, completed where the sender left parts out.</summary>
    public MessageType Type { get; }

    /// <summary>Null if the structure is not known: then all segments lie in the message itself, and nothing is a deviation.</summary>
    public MessageStructure? Structure { get; }

    /// <summary>The message as the outermost group.</summary>
    public SegmentGroup Root { get; internal set; } = null!;

    /// <summary>Where the message is not as its structure has it: place and rule, code 100; a warning for what stands elsewhere, an information for what is missing.</summary>
    public ImmutableArray<Hl7Error> Deviations { get; internal set; } = [];

    /// <summary>The group in which a segment of this message stands.</summary>
    public SegmentGroup this[Hl7Segment segment] => _groups[segment.Index];

    /// <summary>Groups the segments by the structure of the message's type.</summary>
    public static MessageGroups Of(Hl7Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var type = MessageType.Of(message);
        return Of(message, type, MessageStructure.Find(type.Structure));
    }

    internal static MessageGroups Of(Hl7Message message, MessageType type, MessageStructure? structure)
    {
        var groups = new MessageGroups(message, type, structure);
        GroupParser.Run(groups, structure);
        return groups;
    }

    internal SegmentGroup At(int segment) => _groups[segment];

    internal void Put(int segment, SegmentGroup group)
    {
        _groups[segment] = group;
        for (var around = group; around is not null; around = around.Parent)
        {
            around.LastIndex = segment;
        }
    }
}
