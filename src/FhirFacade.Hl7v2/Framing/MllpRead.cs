namespace FhirFacade.Hl7v2.Framing;

/// <summary>What <see cref="MllpReader.TryReadFrame"/> found.</summary>
public enum MllpRead
{
    /// <summary>More bytes are needed; the buffer may be examined to its end.</summary>
    Incomplete,

    /// <summary>One message, without its framing bytes.</summary>
    Frame,

    /// <summary>Bytes outside any frame, or a frame whose end never came; they were skipped. Never an answer to the peer, but worth counting.</summary>
    Garbage,

    /// <summary>A frame beyond the limit. Said once, as soon as it is known; the rest of that frame is skipped unreported.</summary>
    TooLarge,
}
