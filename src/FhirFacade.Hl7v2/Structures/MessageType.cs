using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Structures;

/// <summary>What kind of message it is: MSH-9, completed where the sender left parts out (versions before 2.3.1 have no MSH-9.3).</summary>
/// <param name="Code">MSH-9.1.</param>
/// <param name="TriggerEvent">MSH-9.2; else EVN-1, as in versions 2.1 and 2.2; else the only event of that code; else empty.</param>
/// <param name="Structure">The structure that the standard gives this event; where that is not known MSH-9.3; else code and event joined, which is how most structures are named; empty without an event.</param>
public readonly record struct MessageType(string Code, string TriggerEvent, string Structure)
{
    /// <summary>The type of a message.</summary>
    public static MessageType Of(Hl7Message message)
    {
        var field = message[0][9];
        var code = field[1].Value;
        var trigger = field[2].Value;
        var structure = field[3].Value;

        // ADT_A01 written as one component.
        if (trigger.Length == 0 && code is [_, _, _, '_', _, _, _])
        {
            trigger = code[4..];
            code = code[..3];
        }

        if (trigger.Length == 0)
        {
            trigger = message.First("EVN") is { } evn && evn[1].HasValue ? evn[1].Value : MessageStructures.OnlyEvent(code);
        }

        structure = MessageStructures.Find(code, trigger)
            ?? (structure.Length > 0 || trigger.Length == 0 ? structure : $"{code}_{trigger}");
        return new MessageType(code, trigger, structure);
    }
}
