using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Xml;

/// <summary>A resource written as XML, or the issues that say why it cannot be.</summary>
/// <param name="Xml">UTF-8 without a byte order mark; null where there are issues.</param>
/// <param name="Issues">Empty where there is XML.</param>
public sealed record XmlWriteResult(byte[]? Xml, ImmutableArray<Issue> Issues);
