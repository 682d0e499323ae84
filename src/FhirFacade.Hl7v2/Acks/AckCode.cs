namespace FhirFacade.Hl7v2.Acks;

/// <summary>MSA-1, HL7 table 0008.</summary>
public enum AckCode
{
    /// <summary>AA: application accept.</summary>
    AA,

    /// <summary>AE: application error; the same message will fail again.</summary>
    AE,

    /// <summary>AR: application reject; unsupported, or a failure that is not the message's.</summary>
    AR,

    /// <summary>CA: commit accept; the message is safe with the receiver.</summary>
    CA,

    /// <summary>CE: commit error; the message was not taken and should not come again as it is.</summary>
    CE,

    /// <summary>CR: commit reject.</summary>
    CR,
}
