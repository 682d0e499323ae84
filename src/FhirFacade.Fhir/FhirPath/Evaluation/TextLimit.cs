namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>How long a computed text may be: as long as a string of FHIR, so that no expression makes texts out of texts without end.</summary>
internal static class TextLimit
{
    /// <summary>In characters.</summary>
    public const int Most = 1 << 20;

    /// <summary>Called with the length of a text that is about to be made.</summary>
    /// <exception cref="FhirPathEvaluationException">It is too long.</exception>
    public static void Check(long length)
    {
        if (length > Most)
        {
            throw new FhirPathEvaluationException("A computed text is too long.");
        }
    }

    /// <summary>The text, if it is not too long.</summary>
    public static string? Checked(string? text)
    {
        Check(text?.Length ?? 0);
        return text;
    }

    /// <summary>Both texts, if they are not too long together.</summary>
    public static string Join(string first, string second)
    {
        Check((long)first.Length + second.Length);
        return first + second;
    }
}
