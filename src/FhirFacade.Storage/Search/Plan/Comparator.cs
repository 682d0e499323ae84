namespace FhirFacade.Storage.Search.Plan;

/// <summary>The prefixes of ordered values: https://hl7.org/fhir/R4/search.html#prefix</summary>
public enum Comparator
{
    /// <summary>eq: the searched range holds the whole value.</summary>
    Equal,

    /// <summary>ne: it does not hold the whole value.</summary>
    NotEqual,

    /// <summary>gt: some of the value lies above.</summary>
    Greater,

    /// <summary>lt: some of the value lies below.</summary>
    Less,

    /// <summary>ge: gt or eq.</summary>
    GreaterOrEqual,

    /// <summary>le: lt or eq.</summary>
    LessOrEqual,

    /// <summary>sa: all of the value lies above.</summary>
    StartsAfter,

    /// <summary>eb: all of the value lies below.</summary>
    EndsBefore,

    /// <summary>ap: the value and the widened range overlap.</summary>
    Approximately,
}
