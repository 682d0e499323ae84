using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Acks;

/// <summary>What the version of a message allows its acknowledgement to say.</summary>
/// <param name="Minor">The y of version 2.y.</param>
/// <param name="IsAtLeast231">True from version 2.3.1 on.</param>
internal readonly record struct AckVersion(int Minor, bool IsAtLeast231)
{
    /// <summary>MSH-12 where the message names none.</summary>
    public const string WhenAbsent = "2.5.1";

    /// <summary>MSH-9.2, from 2.3.</summary>
    public bool HasEvents => Minor >= 3;

    /// <summary>MSH-9.3, from 2.3.1.</summary>
    public bool HasStructures => IsAtLeast231;

    /// <summary>An offset in a time stamp, from 2.3.</summary>
    public bool HasOffsets => Minor >= 3;

    /// <summary>ERR-2 and later, from 2.5.</summary>
    public bool HasErrorLocations => Minor >= 5;

    public static AckVersion Of(Hl7Message? message)
    {
        var version = message is null ? default : message[0][12].Component(1).Raw;
        return version is [(byte)'2', (byte)'.', >= (byte)'1' and <= (byte)'9', ..]
            ? new AckVersion(version[2] - '0', version[2] > '3' || version.SequenceEqual("2.3.1"u8))
            : new AckVersion(5, true);
    }
}
