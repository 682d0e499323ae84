namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>The FHIRPath system type that a FHIR type converts to by itself.</summary>
internal enum SystemKind
{
    None,
    Boolean,
    Integer,
    Decimal,
    String,
    Date,
    DateTime,
    Time,
    Quantity,
}
