using System.Text;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>How the character set of a message is chosen where the sender is known to declare it badly.</summary>
/// <param name="WhenAbsent">The encoding of messages without MSH-18; null means valid UTF-8, else Latin-1.</param>
/// <param name="Always">The encoding of every message, whatever MSH-18 says; null means that MSH-18 is believed.</param>
public sealed record CharsetRule(Encoding? WhenAbsent = null, Encoding? Always = null)
{
    /// <summary>MSH-18 is believed; without it valid UTF-8 is UTF-8 and anything else Latin-1.</summary>
    public static CharsetRule Declared { get; } = new();
}
