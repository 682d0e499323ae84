using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Json;

/// <summary>A parsed document, or the issues that say why there is none.</summary>
/// <param name="Document">The document; null where there are issues. It refers to the parsed bytes: they must not change while it is used.</param>
/// <param name="Issues">Empty where there is a document.</param>
public sealed record ResourceParseResult(JsonDocument? Document, ImmutableArray<Issue> Issues) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Document?.Dispose();
}
