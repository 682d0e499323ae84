namespace FhirFacade.Hl7v2.Structures;

/// <summary>Which segments a kind of message has, in which order and in which groups: versions 2.1 to 2.8 laid over each other.</summary>
public sealed class MessageStructure
{
    internal MessageStructure(string name, StructureNode root)
    {
        Name = name;
        Root = root;
    }

    /// <summary>Such as <c>ORU_R01</c>.</summary>
    public string Name { get; }

    internal StructureNode Root { get; }

    /// <summary>The structure of a name (MSH-9.3); null if it is not known.</summary>
    public static MessageStructure? Find(string name) => MessageStructures.Named(name);
}
