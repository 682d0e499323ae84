namespace FhirFacade.GuideCheck;

/// <summary>What can become of a row of the guide.</summary>
public enum Fate
{
    /// <summary>A translated message has it where the guide says.</summary>
    Carried,

    /// <summary>A translated message has it in another element, and we say why.</summary>
    Elsewhere,

    /// <summary>It is not there, and we say why.</summary>
    LeftOut,

    /// <summary>It is said to be left out, but a translated message has it.</summary>
    Contradicted,

    /// <summary>It is not there, and nobody says why.</summary>
    Unexplained,
}
