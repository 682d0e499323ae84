namespace FhirFacade.Fhir.SearchParameters;

/// <summary>The kinds of search parameter: https://hl7.org/fhir/R4/valueset-search-param-type.html</summary>
public enum SearchParameterType
{
    /// <summary>A number, searched with the precision it is written in.</summary>
    Number,
    /// <summary>A date or period, searched as a range.</summary>
    Date,
    /// <summary>Text, matched by its start.</summary>
    String,
    /// <summary>A code, identifier or flag, with or without its system.</summary>
    Token,
    /// <summary>A reference to another resource.</summary>
    Reference,
    /// <summary>Several parameters that must hold of the same element.</summary>
    Composite,
    /// <summary>A number with a unit.</summary>
    Quantity,
    /// <summary>A uri, matched whole.</summary>
    Uri,
    /// <summary>Logic of its own (<c>near</c>, <c>_content</c> ...).</summary>
    Special,
}
