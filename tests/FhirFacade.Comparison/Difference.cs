namespace FhirFacade.Comparison;

/// <summary>How an element of a peer's resources and ours relate.</summary>
public enum Difference
{
    /// <summary>Both have it.</summary>
    Equal,

    /// <summary>Both have the element, with another value.</summary>
    Different,

    /// <summary>Only the peer has it.</summary>
    Missing,

    /// <summary>Only we have it.</summary>
    Extra,
}
