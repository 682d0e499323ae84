namespace FhirFacade.Storage.Search.Parse;

/// <summary>What follows the colon of a parameter, where it is not a resource type: https://hl7.org/fhir/R4/search.html#modifiers</summary>
public enum SearchModifier
{
    /// <summary>No modifier.</summary>
    None,

    /// <summary><c>:exact</c> of strings: with case and accents, the whole text.</summary>
    Exact,

    /// <summary><c>:contains</c> of strings: anywhere in the text.</summary>
    Contains,

    /// <summary><c>:not</c> of tokens: no value is one of these.</summary>
    Not,

    /// <summary><c>:identifier</c> of references: the business identifier in the reference.</summary>
    Identifier,
}
