namespace FhirFacade.Hl7v2.Parsing;

/// <summary>Message error conditions, HL7 table 0357.</summary>
public static class Table0357
{
    /// <summary>Segments missing or in the wrong order.</summary>
    public const int SegmentSequence = 100;

    /// <summary>A required field is absent.</summary>
    public const int RequiredFieldMissing = 101;

    /// <summary>A field does not hold what its data type demands.</summary>
    public const int DataType = 102;

    /// <summary>A code is not in its table.</summary>
    public const int TableValueNotFound = 103;

    /// <summary>A value is longer than allowed.</summary>
    public const int ValueTooLong = 104;

    /// <summary>Any other violation of HL7.</summary>
    public const int OtherHl7Error = 199;

    /// <summary>The message type is not supported.</summary>
    public const int UnsupportedMessageType = 200;

    /// <summary>The trigger event is not supported.</summary>
    public const int UnsupportedEventCode = 201;

    /// <summary>The processing id (MSH-11) is not supported.</summary>
    public const int UnsupportedProcessingId = 202;

    /// <summary>The version (MSH-12) is not supported.</summary>
    public const int UnsupportedVersionId = 203;

    /// <summary>A key names nothing that is known.</summary>
    public const int UnknownKeyIdentifier = 204;

    /// <summary>A key that must be new exists already.</summary>
    public const int DuplicateKeyIdentifier = 205;

    /// <summary>The record is locked by somebody else.</summary>
    public const int ApplicationRecordLocked = 206;

    /// <summary>The receiving application failed.</summary>
    public const int ApplicationInternalError = 207;

    /// <summary>The display text of a code; the code 207's for one that is not in the table.</summary>
    public static string Display(int code) => code switch
    {
        0 => "Message accepted",
        SegmentSequence => "Segment sequence error",
        RequiredFieldMissing => "Required field missing",
        DataType => "Data type error",
        TableValueNotFound => "Table value not found",
        ValueTooLong => "Value too long",
        OtherHl7Error => "Other HL7 Error",
        UnsupportedMessageType => "Unsupported message type",
        UnsupportedEventCode => "Unsupported event code",
        UnsupportedProcessingId => "Unsupported processing id",
        UnsupportedVersionId => "Unsupported version id",
        UnknownKeyIdentifier => "Unknown key identifier",
        DuplicateKeyIdentifier => "Duplicate key identifier",
        ApplicationRecordLocked => "Application record locked",
        _ => "Application error",
    };
}
