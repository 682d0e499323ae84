namespace FhirFacade.Fhir.FhirPath;

/// <summary>The text is not a FHIRPath expression.</summary>
public sealed class FhirPathSyntaxException : Exception
{
    /// <summary>Says where and which rule.</summary>
    public FhirPathSyntaxException(string rule, int position)
        : base($"FHIRPath, character {position + 1}: {rule}") => Position = position;

    /// <summary>Offset into the text, from 0.</summary>
    public int Position { get; }
}

/// <summary>The specification demands an error for this evaluation. The message names the rule, never a value.</summary>
public sealed class FhirPathEvaluationException : Exception
{
    /// <summary>Says which rule was broken.</summary>
    public FhirPathEvaluationException(string rule)
        : base(rule)
    {
    }
}
