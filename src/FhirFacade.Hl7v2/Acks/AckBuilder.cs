using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Acks;

/// <summary>Builds general acknowledgements (ACK) and their negative forms.</summary>
public static class AckBuilder
{
    /// <summary>
    /// Builds the acknowledgement of a message, in the sender's separators, character set and version, sender and receiver swapped.
    /// </summary>
    /// <param name="received">The message; null if it could not be read, which is answered with the recommended separators.</param>
    /// <param name="code">MSA-1.</param>
    /// <param name="errors">What to tell: one ERR segment each (before version 2.5 one ERR for all).</param>
    /// <param name="now">MSH-7.</param>
    /// <param name="controlId">MSH-10 of the acknowledgement itself, at most 199 characters; unique for this sender.</param>
    /// <returns>The message, segments ended by CR, without framing.</returns>
    public static byte[] Build(Hl7Message? received, AckCode code, IReadOnlyCollection<Hl7Error> errors, DateTimeOffset now, string controlId)
    {
        var writer = new AckWriter(received);
        writer.Header(now, controlId);
        writer.Acknowledgement(code, errors);
        writer.Errors(errors);
        return writer.ToArray();
    }
}
