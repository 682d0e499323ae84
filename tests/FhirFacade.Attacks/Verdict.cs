namespace FhirFacade.Attacks;

/// <summary>What became of an attack.</summary>
public enum Verdict
{
    /// <summary>The server gave nothing away.</summary>
    Held,

    /// <summary>It did.</summary>
    Leaked,

    /// <summary>Something failed on the way, so that nothing is known.</summary>
    Broken,

    /// <summary>The attack has no meaning here, or needs what the operator did not lend.</summary>
    NotApplicable,
}
