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

    /// <summary><c>:text</c> of tokens: the text of the coded value, searched like a string.</summary>
    Text,

    /// <summary><c>:in</c> of tokens: a code of the value set.</summary>
    In,

    /// <summary><c>:not-in</c> of tokens: no value is a code of the value set.</summary>
    NotIn,

    /// <summary><c>:above</c>: what is named, or something that it lies below.</summary>
    Above,

    /// <summary><c>:below</c>: what is named, or something that lies below it.</summary>
    Below,

    /// <summary><c>:of-type</c> of identifiers: type and value.</summary>
    OfType,

    /// <summary><c>:identifier</c> of references: the business identifier in the reference.</summary>
    Identifier,

    /// <summary><c>eq</c> of <c>_filter</c> on strings: the whole text, without regard to case and accents.</summary>
    Whole,

    /// <summary><c>sw</c> of <c>_filter</c>: the beginning of the text.</summary>
    Beginning,

    /// <summary><c>ew</c> of <c>_filter</c>: the end of the text.</summary>
    End,
}
