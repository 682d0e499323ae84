namespace FhirFacade.Fhir.Access;

/// <summary>What holds where no consent of a patient decides. The consents themselves are in the database: a grant only says that they are to be asked.</summary>
public enum ConsentMode
{
    /// <summary>Consents are not asked.</summary>
    Off,

    /// <summary>What no consent denies is open, as far as the grant opens it.</summary>
    OptOut,

    /// <summary>What no consent permits is closed to reading, as is what one denies.</summary>
    OptIn,
}
