using System.Collections.Immutable;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>What became of the bytes of one message.</summary>
/// <param name="Message">The indexed message; null only where no MSH segment could be read.</param>
/// <param name="Errors">What was found wrong, in message order; empty for a clean message.</param>
public sealed record Hl7ParseResult(Hl7Message? Message, ImmutableArray<Hl7Error> Errors)
{
    /// <summary>True if the message cannot be processed as it is: unreadable, or an error of severity Error.</summary>
    public bool IsRejected => Message is null || Errors.Any(static e => e.Severity == Hl7Severity.Error);
}
