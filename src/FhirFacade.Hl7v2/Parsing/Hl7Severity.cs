namespace FhirFacade.Hl7v2.Parsing;

/// <summary>How much an <see cref="Hl7Error"/> matters: HL7 table 0516.</summary>
public enum Hl7Severity
{
    /// <summary>I: nothing was changed or lost.</summary>
    Information,

    /// <summary>W: the message was read by a documented rule of tolerance.</summary>
    Warning,

    /// <summary>E: the message, or this part of it, could not be read as meant.</summary>
    Error,
}
