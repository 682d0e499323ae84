using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Messages;

/// <summary>Who sent the message, as far as MSH says.</summary>
internal sealed class Sender(Hl7Segment msh)
{
    /// <summary>MSH-3 and MSH-4: the application that numbers the messages.</summary>
    public string System { get; } = Application(msh);

    /// <summary>MSH-10.</summary>
    public string ControlId { get; } = msh[10].Value;

    /// <summary>Within which an identifier is taken that names no authority: the sending facility, else the application.</summary>
    public string Facility { get; } = Part(msh[4]) is { Length: > 0 } facility ? facility : Part(msh[3]);

    /// <summary>The urn of the message: sender and control id, nothing about a patient.</summary>
    public string Source { get; } = Urn(msh);

    private static string Urn(Hl7Segment msh) => $"{Application(msh)}:{Uri.EscapeDataString(msh[10].Value)}";

    private static string Application(Hl7Segment msh) => $"urn:hl7v2:{Part(msh[3])}:{Part(msh[4])}";

    private static string Part(Hl7Element hd)
    {
        var name = hd[1].Value;
        return Uri.EscapeDataString(name.Length > 0 ? name : hd[2].Value);
    }
}
