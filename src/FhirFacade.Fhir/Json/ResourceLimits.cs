namespace FhirFacade.Fhir.Json;

/// <summary>How much of a resource is read before it is refused.</summary>
/// <param name="MaxBytes">Greatest length of the JSON in bytes.</param>
/// <param name="MaxDepth">Greatest nesting of objects and arrays.</param>
public sealed record ResourceLimits(int MaxBytes, int MaxDepth)
{
    /// <summary>16 MiB and 64 levels.</summary>
    public static ResourceLimits Default { get; } = new(16 << 20, 64);
}
