namespace FhirFacade.Fhir.Definitions;

/// <summary>What kind of type a definition describes.</summary>
public enum TypeKind
{
    /// <summary>One JSON value, with an optional <c>_name</c> sibling: string, date, code.</summary>
    Primitive,

    /// <summary>A data type with elements: HumanName, Extension.</summary>
    Complex,

    /// <summary>The parts of one element of another type: <c>Patient.contact</c>.</summary>
    Backbone,

    /// <summary>Something with a resourceType and an id.</summary>
    Resource,
}
