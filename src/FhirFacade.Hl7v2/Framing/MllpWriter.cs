using System.Buffers;

namespace FhirFacade.Hl7v2.Framing;

/// <summary>Frames messages for MLLP: <c>VT message FS CR</c>.</summary>
public static class MllpWriter
{
    /// <summary>Writes one frame. The message itself must not contain VT or FS, which HL7 forbids.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> message)
    {
        var target = output.GetSpan(message.Length + 3);
        target[0] = MllpBytes.StartBlock;
        message.CopyTo(target[1..]);
        target[message.Length + 1] = MllpBytes.EndBlock;
        target[message.Length + 2] = MllpBytes.CarriageReturn;
        output.Advance(message.Length + 3);
    }

    /// <summary>The frame as an array.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> message)
    {
        var writer = new ArrayBufferWriter<byte>(message.Length + 3);
        Write(writer, message);
        return writer.WrittenSpan.ToArray();
    }
}
