namespace FhirFacade.Hl7v2.Acks;

/// <summary>When an acknowledgement is wanted, HL7 table 0155.</summary>
public enum AckCondition
{
    /// <summary>NE.</summary>
    Never,

    /// <summary>AL.</summary>
    Always,

    /// <summary>ER: on error or reject only.</summary>
    OnError,

    /// <summary>SU: on success only.</summary>
    OnSuccess,
}
