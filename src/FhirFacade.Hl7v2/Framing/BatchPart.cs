namespace FhirFacade.Hl7v2.Framing;

/// <summary>One message of a file or a batch.</summary>
/// <param name="Number">1-based among the messages of the input.</param>
/// <param name="Offset">Where it starts in the input, in bytes from 0.</param>
/// <param name="Bytes">The message, a slice of the input without framing and trailing line breaks.</param>
public sealed record BatchPart(int Number, int Offset, ReadOnlyMemory<byte> Bytes);
