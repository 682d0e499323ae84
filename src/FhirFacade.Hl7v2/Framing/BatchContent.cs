using System.Collections.Immutable;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Framing;

/// <summary>What a file or a batch holds.</summary>
/// <param name="Messages">Its messages in order; each is parsed, and may fail, on its own.</param>
/// <param name="Errors">What is wrong around the messages: bytes that belong to none, counts that do not agree, an input without any message.</param>
public sealed record BatchContent(ImmutableArray<BatchPart> Messages, ImmutableArray<Hl7Error> Errors);
