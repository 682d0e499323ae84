namespace FhirFacade.Hl7v2.Framing;

/// <summary>What a peer may ask of an MLLP connection.</summary>
/// <param name="MaxMessageBytes">Largest content of one frame, without its framing bytes.</param>
public sealed record MllpLimits(int MaxMessageBytes = 16 * 1024 * 1024)
{
    /// <summary>Messages up to 16 MiB.</summary>
    public static MllpLimits Default { get; } = new();
}
