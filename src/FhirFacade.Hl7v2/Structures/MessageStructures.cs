using System.Collections.Frozen;

namespace FhirFacade.Hl7v2.Structures;

/// <summary>Which message structure an event has (HL7 table 0354, with what chapters 3, 4, 4A, 7, 9 and 10 say of older versions).</summary>
public static class MessageStructures
{
    private static readonly (FrozenDictionary<string, MessageStructure> ByName, FrozenDictionary<string, string> ByEvent) Known = Load();

    private static readonly FrozenDictionary<string, string> OnlyEvents = new Dictionary<string, string>
    {
        ["ORU"] = "R01",
        ["ORM"] = "O01",
        ["ORR"] = "O02",
        ["DFT"] = "P03",
        ["VXU"] = "V04",
    }.ToFrozenDictionary();

    /// <summary>The names of all structures that are known.</summary>
    public static IEnumerable<string> Names => Known.ByName.Keys;

    /// <summary>The structure of a message code and a trigger event, such as <c>ADT_A01</c> for ADT and A08; null if not known.</summary>
    public static string? Find(string code, string triggerEvent) =>
        triggerEvent.Length == 0 ? null : Known.ByEvent.GetValueOrDefault($"{code}^{triggerEvent}");

    /// <summary>The event of a message code that early versions used without naming one; empty if there is no such.</summary>
    public static string OnlyEvent(string code) => OnlyEvents.GetValueOrDefault(code, "");

    internal static MessageStructure? Named(string name) => Known.ByName.GetValueOrDefault(name);

    private static (FrozenDictionary<string, MessageStructure> ByName, FrozenDictionary<string, string> ByEvent) Load()
    {
        using var stream = typeof(MessageStructures).Assembly.GetManifestResourceStream("structures.txt")!;
        using var text = new StreamReader(stream);
        var byName = new Dictionary<string, MessageStructure>();
        var byEvent = new Dictionary<string, string>();
        foreach (var (structure, events) in StructureReader.Read(text))
        {
            byName.Add(structure.Name, structure);
            foreach (var trigger in events)
            {
                byEvent.Add($"{structure.Name[..3]}^{trigger}", structure.Name);
            }
        }

        return (byName.ToFrozenDictionary(), byEvent.ToFrozenDictionary());
    }
}
