using System.Text;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Profiles;

/// <summary>What a profile is chosen by: the listener, who sent the message to whom, and what it is. Of an HD the namespace, else the universal id.</summary>
public sealed class FeedAddress
{
    private readonly string[] _parts;

    private FeedAddress(string[] parts) => _parts = parts;

    internal string this[int index] => _parts[index];

    /// <param name="listener">Where the message came in, such as <c>mllp:2575</c>.</param>
    /// <param name="message">The message.</param>
    public static FeedAddress Of(string listener, Hl7Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new([
            listener,
            Name(message.SendingApplication),
            Name(message.SendingFacility),
            Name(message.ReceivingApplication),
            Name(message.ReceivingFacility),
            message.MessageCode.Trim(),
            message.TriggerEvent.Trim(),
        ]);
    }

    /// <summary>The bytes that decide, for a look into what was chosen before; false if there are too many of them.</summary>
    internal static bool TryWriteKey(string listener, Hl7Message message, Span<char> key, out int length)
    {
        length = 0;
        var header = message[0];
        return Append(listener, key, ref length)
            && Append(header[3].Raw, key, ref length)
            && Append(header[4].Raw, key, ref length)
            && Append(header[5].Raw, key, ref length)
            && Append(header[6].Raw, key, ref length)
            && Append(header[9].Raw, key, ref length)
            && Append(message.Encoding.WebName, key, ref length);
    }

    // Between any two parts stands a character that is in none of them.
    private static bool Append(ReadOnlySpan<char> part, Span<char> key, ref int length)
    {
        if (part.Length >= key.Length - length)
        {
            return false;
        }

        part.CopyTo(key[length..]);
        length += part.Length;
        key[length++] = '\r';
        return true;
    }

    private static bool Append(ReadOnlySpan<byte> part, Span<char> key, ref int length)
    {
        if (part.Length >= key.Length - length)
        {
            return false;
        }

        length += Encoding.Latin1.GetChars(part, key[length..]);
        key[length++] = '\r';
        return true;
    }

    private static string Name(Hl7Element hd) => (hd[1].HasValue ? hd[1] : hd[2]).Text.Trim();
}
